import { type Clock, formatTimestamp, type Logger, type Random, type Timer } from '@chargemesh/base';
import type { AnswerBook } from '../answers/answer-book.ts';
import { type Behaviour, mergePatch } from '../answers/behaviour.ts';
import { defaultAnswer } from '../answers/default-answers.ts';
import type { Frame } from '../checks/frame.ts';
import type { Violation } from '../checks/rules.ts';
import type { FrameValidator } from '../checks/schema-validator.ts';
import { type Received, StationChecker } from '../checks/station-checker.ts';
import { CsmsError } from '../csms-error.ts';
import type { KeptStation } from '../ledger/ledger-store.ts';
import type { StationView } from '../ledger/station-view.ts';
import { type Transaction, viewTransaction } from '../ledger/transaction.ts';
import type { TagList } from '../tags/tag-list.ts';
import { type CallOutcome, CallQueue } from './call-queue.ts';
import type { LinkEvents, StationLink } from './link.ts';

/** A frame, or the coming and going of a connection, as it passed. */
export interface PassedFrame {
  readonly station: string;
  readonly atMs: number;
  /** `rx` from the station, `tx` from the CSMS. */
  readonly dir: 'rx' | 'tx' | 'event';
  readonly text: string;
}

/** What all stations of a CSMS share. */
export interface StationContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly validator: FrameValidator | undefined;
  readonly patienceMs: number | undefined;
  readonly bootIntervalS: number;
  readonly answers: AnswerBook;
  readonly tags: () => TagList;
  readonly nextTransactionId: () => number;
  /** Whether a card is in an open transaction of any station, other than this one. */
  readonly inTransaction: (idTag: string, except: Transaction | undefined) => boolean;
  readonly onFrame: (frame: PassedFrame) => void;
  readonly onViolation: (violation: Violation) => void;
  /** Writes down what changed, before anybody is told of it. @param station undefined where only transactions did */
  readonly save: (
    id: string,
    station: Omit<KeptStation, 'transactions'> | undefined,
    transactions: Iterable<Transaction>,
  ) => void;
}

type Call = Extract<Frame, { kind: 'call' }>;

/** One station as the CSMS sees it: its connection, if it has one, what it is answered, and its ledger. */
export class Station {
  readonly id: string;
  readonly checker: StationChecker;
  readonly #context: StationContext;
  readonly #calls: CallQueue;
  #link: StationLink | undefined;
  #changedMs: number;
  #halfOpen = false;
  readonly #late = new Set<Timer>();
  /** Numbers given to transactions, so that a start that is sent again gets the one that it had. */
  readonly #numbers = new Map<Transaction, number>();
  /** What is not written down yet. */
  #stationChanged = true;
  readonly #changed = new Set<Transaction>();

  /** @param kept what an earlier run knew of it */
  constructor(id: string, context: StationContext, kept?: KeptStation) {
    this.id = id;
    this.#context = context;
    this.#changedMs = context.clock.wallMs();
    this.#calls = new CallQueue(id, context.clock, context.random, (text) => this.#send(text));
    this.checker = new StationChecker({
      station: id,
      ...(context.validator === undefined ? {} : { validator: context.validator }),
      ...(context.patienceMs === undefined ? {} : { patienceMs: context.patienceMs }),
      onViolation: context.onViolation,
      onTransaction: (transaction) => void this.#changed.add(transaction),
      onStation: () => {
        this.#stationChanged = true;
      },
    });
    if (kept !== undefined) this.#restore(kept);
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Takes a new connection; an older one of the same station is cut. @param path as the station asked for it */
  connect(link: StationLink, path: string): LinkEvents {
    if (this.#link !== undefined) {
      this.#context.log.info('a new connection takes the place of the old one', { station: this.id });
      this.#link.close('cut');
      this.#gone();
    }
    this.#link = link;
    this.#halfOpen = false;
    this.#changedMs = this.#context.clock.wallMs();
    this.#pass('event', `connected ${path}`);
    this.checker.connected();
    this.#save(true);
    return {
      received: (text) => {
        if (this.#link === link && !this.#halfOpen) this.#received(text);
      },
      closed: () => {
        if (this.#link === link) this.#gone();
      },
    };
  }

  /** Sends a CALL and waits for its answer. @throws CsmsError */
  async call(action: string, payload: unknown, timeoutMs: number): Promise<CallOutcome> {
    this.#need();
    return this.#calls.add(action, payload, timeoutMs);
  }

  /** Sends a text as it is, frame or not. */
  raw(text: string): void {
    this.#need();
    this.#send(text);
  }

  /** Ends the connection. */
  drop(how: 'clean' | 'cut'): void {
    const link = this.#need();
    link.close(how);
    this.#gone();
  }

  /** Neither reads nor writes on the connection that there is, without ending it. A new one of the station is not concerned. */
  halfOpen(on: boolean): void {
    const link = this.#need();
    this.#halfOpen = on;
    if (on) link.pause();
    else link.resume();
  }

  /** The station as plain JSON. */
  view(): Omit<StationView, 'violations'> {
    const { registration, statuses, transactions, configuration } = this.checker;
    return {
      station: this.id,
      connected: this.connected,
      since: formatTimestamp(this.#changedMs),
      halfOpen: this.#halfOpen,
      registration: registration.state,
      boot: registration.boot ?? null,
      connectors: statuses.view(),
      transactions: transactions.transactions.map(viewTransaction),
      configuration: configuration.view(),
    };
  }

  #need(): StationLink {
    if (this.#link === undefined) throw new CsmsError('CSMS_NOT_CONNECTED', `${this.id} is not connected`);
    return this.#link;
  }

  #received(text: string): void {
    this.#pass('rx', text);
    this.#take(this.checker.received(text, this.#context.clock.wallMs()));
    this.#save();
  }

  #take(received: Received): void {
    const { frame } = received;
    switch (frame.kind) {
      case 'call':
        this.#answer(frame, received, this.#context.answers.take(frame.action, this.id));
        return;
      case 'result':
        this.#calls.answered(frame.id, { kind: 'result', payload: frame.payload });
        return;
      case 'error':
        this.#calls.answered(frame.id, frame);
        return;
      case 'broken':
        return;
    }
  }

  #answer(call: Call, received: Received, behaviour: Behaviour): void {
    switch (behaviour.kind) {
      case 'never':
        return;
      case 'garbage':
        this.#send(`[3,"${call.id}",{not JSON`);
        return;
      case 'callError':
        this.#send(JSON.stringify([4, call.id, behaviour.code, behaviour.description, {}]));
        return;
      case 'late': {
        const timer = this.#context.clock.setTimer(behaviour.delayMs, () => {
          this.#late.delete(timer);
          this.#answer(call, received, behaviour.answer);
        });
        this.#late.add(timer);
        return;
      }
      case 'payload':
      case 'default':
        this.#answerWell(call, received, behaviour);
        return;
    }
  }

  #answerWell(call: Call, received: Received, behaviour: Extract<Behaviour, { kind: 'payload' | 'default' }>): void {
    const right = this.#rightAnswer(call, received);
    if (behaviour.kind === 'payload') {
      const payload = behaviour.mode === 'replace' ? behaviour.payload : mergePatch(right ?? {}, behaviour.payload);
      this.#send(JSON.stringify([3, call.id, payload]));
    } else if (right === undefined)
      this.#send(JSON.stringify([4, call.id, 'NotImplemented', `${call.action} is not implemented`, {}]));
    else this.#send(JSON.stringify([3, call.id, right]));
  }

  #rightAnswer(call: Call, received: Received): Readonly<Record<string, unknown>> | undefined {
    const { clock, tags, bootIntervalS, inTransaction } = this.#context;
    return defaultAnswer(call.action, {
      payload: call.payload,
      nowMs: clock.wallMs(),
      tags: tags(),
      bootIntervalS,
      transactionId: () => this.#number(received.transaction),
      // 7.2: ConcurrentTx is of interest to StartTransaction alone.
      inTransaction: (idTag) => call.action === 'StartTransaction' && inTransaction(idTag, received.transaction),
    });
  }

  #number(transaction: Transaction | undefined): number {
    const known = transaction && (transaction.id ?? this.#numbers.get(transaction));
    if (known !== undefined) return known;
    const number = this.#context.nextTransactionId();
    if (transaction !== undefined) this.#numbers.set(transaction, number);
    return number;
  }

  #send(text: string): void {
    if (this.#link === undefined || this.#halfOpen) return;
    this.#pass('tx', text);
    this.checker.sent(text, this.#context.clock.wallMs());
    this.#save();
    this.#link.send(text);
  }

  #gone(): void {
    this.#link = undefined;
    this.#halfOpen = false;
    this.#changedMs = this.#context.clock.wallMs();
    for (const timer of this.#late) timer.cancel();
    this.#late.clear();
    this.#pass('event', 'disconnected');
    this.checker.disconnected();
    this.#save(true);
    this.#calls.linkLost();
  }

  #restore(kept: KeptStation): void {
    this.checker.restore(kept);
    // A run that was killed could not write down that the connection ended with it; now is the first time that it is seen.
    if (!kept.connected) this.#changedMs = kept.changedMs;
    this.#stationChanged = kept.connected;
    this.#save();
  }

  #save(stationChanged = this.#stationChanged): void {
    if (!stationChanged && this.#changed.size === 0) return;
    const { registration, statuses, configuration } = this.checker;
    const kept = {
      station: this.id,
      changedMs: this.#changedMs,
      connected: this.connected,
      registration: registration.state,
      boot: registration.boot ?? null,
      connectors: statuses.view(),
      configuration: configuration.view(),
    };
    this.#context.save(this.id, stationChanged ? kept : undefined, this.#changed);
    this.#stationChanged = false;
    this.#changed.clear();
  }

  #pass(dir: PassedFrame['dir'], text: string): void {
    this.#context.onFrame({ station: this.id, atMs: this.#context.clock.wallMs(), dir, text });
  }
}
