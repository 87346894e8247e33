import { type Clock, type Logger, messageOf, type Store, type Timer } from '@chargemesh/base';
import type { UndeliverableMessage } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Outbound } from '../rpc/outbound.ts';
import { type CallOutcome, describeOutcome } from '../rpc/outcome.ts';
import type { LedgerId } from '../transactions/ids.ts';
import { type NormalMessage, NormalQueue, type OnOutcome } from './normal-queue.ts';
import { makeRoom } from './overflow.ts';
import { type QueuedMessage, TransactionQueue } from './transaction-queue.ts';
import { Undeliverable } from './undeliverable.ts';

/** An answer is waited for this long, plus TransactionMessageRetryInterval for each attempt (C-63). */
const ANSWER_TIMEOUT_MS = 30_000;

/** An answer that the disk did not take is tried again so much later. */
const WRITE_RETRY_MS = 5_000;

/** What the ledger has to say about messages of its transactions. Each runs inside the commit that takes the message out. */
export interface LedgerHooks {
  /** The payload to send: the queued one with the CSMS's transaction id, where it is known by now (D19). */
  payload(message: QueuedMessage, payloadText: string): string;
  /** @returns what is to be done once it is on disk */
  delivered(message: QueuedMessage, answer: unknown): () => void;
  /** @returns what is to be done once it is on disk */
  failed(message: QueuedMessage): () => void;
  /** A message that was refused for good is queued again. */
  resent(action: string, ledgerId: LedgerId): void;
}

/** A transaction is told in this order. */
const RANK: Readonly<Record<string, number>> = { StartTransaction: 0, MeterValues: 1, StopTransaction: 2 };

/** Messages whose answers say nothing. A queue of them would else empty no faster than the disk turns. */
const TOLD_ONLY: ReadonlySet<string> = new Set(['MeterValues', 'SecurityEventNotification']);

/** What {@link Messenger} stands on. */
export interface MessengerParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Store;
  readonly configuration: Configuration;
  readonly outbound: Outbound;
  /** How long queued messages wait after a reconnect, in milliseconds. */
  readonly resumeDelayMs: number;
  /** Whether a request of the CSMS waits for our answer (C-67). */
  readonly held: () => boolean;
  readonly hooks: LedgerHooks;
  readonly undeliverable: (message: UndeliverableMessage) => void;
}

/** How a normal message is to be treated. */
export interface SendOptions {
  /** The CSMS asked for it: it goes out before registration too. */
  readonly triggered?: boolean;
  readonly onOutcome?: OnOutcome;
}

/**
 * Decides which request goes to the CSMS next. Two classes: messages of transactions are kept on disk until they are answered and go
 * in strict order; normal ones are dropped where they cannot go now. BootNotification goes before all.
 */
export class Messenger {
  readonly #parts: MessengerParts;
  readonly #transactions: TransactionQueue;
  readonly #normal: NormalQueue;
  readonly #undeliverable: Undeliverable;
  #sequence = 0;
  /** The one of a transaction that is in flight. */
  #sending: QueuedMessage | undefined;
  /** Those whose answer the disk has not taken yet. Whatever else becomes of them counts no more: the first answer does (D17). */
  readonly #unwritten = new Set<QueuedMessage>();
  #link: 'down' | 'resuming' | 'up' = 'down';
  #wasUp = false;
  #accepted = false;
  #boot: { payloadText: string; onOutcome: OnOutcome } | undefined;
  #wake: Timer | undefined;
  #resume: Timer | undefined;

  constructor(parts: MessengerParts) {
    this.#parts = parts;
    this.#transactions = new TransactionQueue(parts.store);
    this.#normal = new NormalQueue(parts.store);
    this.#undeliverable = new Undeliverable(parts.store);
  }

  /** How many messages wait, the one in flight included. */
  get waiting(): { transaction: number; normal: number } {
    return { transaction: this.#transactions.length, normal: this.#normal.length };
  }

  /** Brings in what an earlier run left (C-69). */
  load(): void {
    const next = (): number => this.#sequence++;
    this.#transactions.load(next);
    this.#normal.load(this.#queueAll(), next);
    if (this.#parts.configuration.get('DisableSecurityEventNotifications') === true)
      this.#transactions.removeWhere(({ action }) => action === 'SecurityEventNotification');
  }

  /** Sends a BootNotification ahead of everything, as soon as there is a link. It replaces one that still waits. */
  boot(payload: object, onOutcome: OnOutcome): void {
    this.#boot = { payloadText: JSON.stringify(payload), onOutcome };
    this.kick();
  }

  /** Sends a message of the normal class, or drops it where it cannot go (C-61, C-66). */
  send(action: string, payload: object, { triggered = false, onOutcome }: SendOptions = {}): void {
    const keep = this.#queueAll() && !this.#discarded().includes(action);
    if (!keep && this.#link === 'down') return void onOutcome?.({ kind: 'undelivered', reason: 'offline' });
    if (!keep && !this.#accepted && !triggered)
      return void onOutcome?.({ kind: 'undelivered', reason: 'notRegistered' });
    const message = { action, payloadText: JSON.stringify(payload), sequence: this.#sequence++, triggered, onOutcome };
    try {
      this.#normal.add(message, keep);
    } catch (thrown) {
      // Then it is lost with the process. To throw would end that at once: many are sent by a timer.
      this.#parts.log.error('a message could not be kept on disk', { action, error: messageOf(thrown) });
      this.#normal.add(message, false);
    }
    this.#makeRoom();
    this.kick();
  }

  /** Runs `work` in one commit. Messages that it {@link queue}s go out after it. */
  atomically<T>(work: () => T): T {
    const result = this.#transactions.atomically(work);
    this.#makeRoom();
    this.kick();
    return result;
  }

  /** Queues a message of the transaction class. Only to be called within {@link atomically}. */
  queue(action: string, payload: object, ledgerId?: LedgerId): void {
    this.#transactions.add(action, JSON.stringify(payload), ledgerId, this.#sequence++);
  }

  linkUp(): void {
    const delayMs = this.#wasUp ? this.#parts.resumeDelayMs : 0;
    this.#wasUp = true;
    this.#resume?.cancel();
    this.#link = delayMs > 0 ? 'resuming' : 'up';
    if (delayMs > 0)
      this.#resume = this.#parts.clock.setTimer(delayMs, () => {
        this.#link = 'up';
        this.kick();
      });
    this.kick();
  }

  linkDown(reason: 'linkLost' | 'stopped' = 'linkLost'): void {
    this.#link = 'down';
    this.#resume?.cancel();
    this.#wake?.cancel();
    this.#parts.outbound.lost(reason);
    this.#normal.drop(({ rowId }) => rowId === undefined, { kind: 'undelivered', reason: 'offline' });
  }

  /** The CSMS has accepted this charge point, or takes that back (C-66). */
  set accepted(accepted: boolean) {
    this.#accepted = accepted;
    if (!accepted)
      this.#normal.drop((message) => message.rowId === undefined && !message.triggered, {
        kind: 'undelivered',
        reason: 'notRegistered',
      });
    this.kick();
  }

  undeliverable(): readonly UndeliverableMessage[] {
    return this.#undeliverable.all();
  }

  /** Queues undeliverable messages again, behind all others. @returns the ids that there were, in the order in which they go out */
  resend(ids: readonly number[]): readonly number[] {
    return this.atomically(() => [...new Set(ids)].sort((a, b) => a - b).filter((id) => this.#resendOne(id)));
  }

  #resendOne(id: number): boolean {
    const message = this.#undeliverable.take(id);
    if (!message) return false;
    const { action, payloadText, ledgerId } = message;
    this.#transactions.add(action, payloadText, ledgerId, this.#sequence++);
    if (ledgerId === undefined) return true;
    const isLater = (other: QueuedMessage): boolean =>
      other.ledgerId === ledgerId &&
      other !== this.#sending &&
      !this.#unwritten.has(other) &&
      (RANK[other.action] ?? 0) > (RANK[action] ?? 0);
    this.#transactions.moveToEnd(this.#transactions.messages().filter(isLater));
    this.#parts.hooks.resent(action, ledgerId);
    return true;
  }

  /** Sends the next message, where one may go. */
  kick(): void {
    const { outbound, held } = this.#parts;
    if (this.#link === 'down' || outbound.busy || held()) return;
    if (this.#boot) {
      this.#sendBoot(this.#boot);
      return;
    }
    if (this.#link !== 'up') return;
    const normal = this.#normal.first((message) => (this.#accepted || message.triggered) && this.#isDue(message.dueMs));
    const head = this.#accepted ? this.#transactions.head() : undefined;
    const due = head && this.#isDue(head.dueMs) ? head : undefined;
    if (due && (!normal || due.sequence < normal.sequence)) {
      this.#sendTransaction(due);
      return;
    }
    if (normal) {
      this.#sendNormal(normal);
      return;
    }
    const next = Math.min(
      head?.dueMs ?? Number.POSITIVE_INFINITY,
      this.#accepted ? this.#normal.nextDueMs() : Number.POSITIVE_INFINITY,
    );
    this.#wakeAt(next);
  }

  #sendBoot(boot: { payloadText: string; onOutcome: OnOutcome }): void {
    this.#boot = undefined;
    const { clock } = this.#parts;
    this.#call('BootNotification', boot.payloadText, 1, (outcome, sentMs) =>
      boot.onOutcome(outcome, clock.monotonicMs() - sentMs),
    );
  }

  #sendNormal(message: NormalMessage): void {
    this.#call(message.action, message.payloadText, message.attempts + 1, (outcome, sentMs) => {
      if (!this.#normal.has(message)) return; // it was dropped meanwhile, and its sender told
      const failed = outcome.kind === 'refused' || outcome.kind === 'timeout';
      if (message.rowId !== undefined && outcome.kind === 'undelivered') return;
      if (message.rowId !== undefined && failed && message.attempts + 1 < this.#maxAttempts())
        return this.#normal.countAttempt(message, this.#retryMs(sentMs, message.attempts + 1));
      try {
        this.#normal.remove(message);
      } finally {
        message.onOutcome?.(outcome, this.#parts.clock.monotonicMs() - sentMs);
      }
    });
  }

  #sendTransaction(message: QueuedMessage): void {
    const payloadText = this.#parts.hooks.payload(message, this.#transactions.payloadText(message));
    this.#sending = message;
    this.#call(
      message.action,
      payloadText,
      message.attempts + 1,
      (outcome, sentMs) => {
        this.#sending = undefined;
        this.#transactionDone(message, payloadText, outcome, sentMs);
      },
      (payload) => {
        if (!this.#unwritten.has(message)) this.#deliver(message, payload);
      },
    );
    this.#transactions.lookAhead();
  }

  #transactionDone(message: QueuedMessage, payloadText: string, outcome: CallOutcome, sentMs: number): void {
    if (!this.#transactions.has(message) || this.#unwritten.has(message)) return; // an answer to an earlier sending came first (D17)
    switch (outcome.kind) {
      case 'answered':
        this.#deliver(message, outcome.payload);
        return;
      case 'undelivered':
        return; // the loss of the link is no attempt (D18)
      case 'refused':
      case 'timeout':
        if (isUnheardOf(message, outcome)) {
          this.#parts.log.info('the CSMS does not know security events: this one is dropped');
          this.#transactions.remove(message, () => {});
          return;
        }
        if (message.attempts + 1 < this.#maxAttempts()) {
          this.#transactions.countAttempt(message, this.#retryMs(sentMs, message.attempts + 1));
          return;
        }
        this.#giveUp(message, payloadText, describeOutcome(outcome));
        return;
    }
  }

  #deliver(message: QueuedMessage, answer: unknown): void {
    this.#unwritten.delete(message);
    if (!this.#transactions.has(message)) return;
    const { clock, log, hooks } = this.#parts;
    let afterwards: () => void;
    try {
      // What is only told, and answered by nothing, may be told again after a power cut; what the answers to starts and stops say may not be lost.
      const how = TOLD_ONLY.has(message.action) ? 'lazily' : 'durably';
      afterwards = this.#transactions.remove(message, () => hooks.delivered(message, answer), how);
    } catch (thrown) {
      // It was delivered: it must not go out again because the disk does not take the answer.
      log.error('an answer could not be written down', { action: message.action, error: messageOf(thrown) });
      this.#unwritten.add(message);
      message.dueMs = Number.POSITIVE_INFINITY;
      clock.setTimer(WRITE_RETRY_MS, () => this.#deliver(message, answer));
      return;
    }
    afterwards();
    this.kick();
  }

  #giveUp(message: QueuedMessage, payloadText: string, error: string): void {
    const { clock, log, hooks, undeliverable } = this.#parts;
    const attempts = message.attempts + 1;
    log.error('the CSMS has refused a message for good: it is kept as undeliverable', {
      action: message.action,
      attempts,
      error,
    });
    let failed: UndeliverableMessage | undefined;
    const afterwards = this.#transactions.remove(message, () => {
      const { action, ledgerId } = message;
      // The queued payload is kept, not the sent one: sent again by hand it takes the id that is known then.
      const queued = this.#transactions.payloadText(message);
      failed = this.#undeliverable.add({
        action,
        payloadText: queued,
        ledgerId,
        attempts,
        failedMs: clock.wallMs(),
        error,
      });
      return hooks.failed(message);
    });
    afterwards();
    if (failed) undeliverable({ ...failed, payload: JSON.parse(payloadText) });
  }

  #call(
    action: string,
    payloadText: string,
    attempt: number,
    done: (outcome: CallOutcome, sentMs: number) => void,
    late?: (payload: unknown) => void,
  ): void {
    const sentMs = this.#parts.clock.monotonicMs();
    this.#parts.outbound.call({
      action,
      payloadText,
      timeoutMs: ANSWER_TIMEOUT_MS + this.#intervalMs() * attempt,
      done: (outcome) => {
        try {
          done(outcome, sentMs);
          this.kick();
        } catch (thrown) {
          // A disk that takes nothing must end neither the process nor the patience of the CSMS.
          this.#parts.log.error('what became of a message could not be written down', {
            action,
            error: messageOf(thrown),
          });
          this.#wakeAt(this.#parts.clock.monotonicMs() + WRITE_RETRY_MS);
        }
      },
      ...(late ? { late } : {}),
    });
  }

  #queueAll(): boolean {
    return this.#parts.configuration.get('QueueAllMessages') === true;
  }

  #maxAttempts(): number {
    return Math.max(1, this.#parts.configuration.get('TransactionMessageAttempts') ?? 1);
  }

  #intervalMs(): number {
    return (this.#parts.configuration.get('TransactionMessageRetryInterval') ?? 0) * 1000;
  }

  /**
   * When a message goes out again that was sent at `sentMs` and has failed `attempts` times. Counted from the sending: a timeout has waited
   * already. @see OCPP 1.6, 3.7.1 (error responses to transaction-related messages)
   */
  #retryMs(sentMs: number, attempts: number): number {
    return sentMs + this.#intervalMs() * attempts;
  }

  #discarded(): readonly string[] {
    return (this.#parts.configuration.get('MessageTypesDiscardForQueueing') ?? '')
      .split(',')
      .map((name) => name.trim());
  }

  #isDue(dueMs: number): boolean {
    return dueMs <= this.#parts.clock.monotonicMs();
  }

  #wakeAt(dueMs: number): void {
    const { clock } = this.#parts;
    this.#wake?.cancel();
    if (!Number.isFinite(dueMs)) return;
    this.#wake = clock.setTimer(dueMs - clock.monotonicMs(), () => this.kick());
  }

  #makeRoom(): void {
    const limit = this.#parts.configuration.get('MessageQueueSizeThreshold') ?? 1000;
    const dropped = makeRoom(this.#transactions, this.#normal, limit);
    if (dropped > 0) this.#parts.log.warn('the message queue is full: messages were dropped', { dropped, limit });
  }
}

/** A CSMS without the security extension will never take its message: it would only hold back those of transactions. */
function isUnheardOf({ action }: QueuedMessage, outcome: CallOutcome): boolean {
  const unknown = outcome.kind === 'refused' && (outcome.code === 'NotImplemented' || outcome.code === 'NotSupported');
  return unknown && action === 'SecurityEventNotification';
}
