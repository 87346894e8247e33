import type { TlsOptions } from 'node:tls';
import type { Clock, Logger, Random, Timer } from '@chargemesh/base';
import { AnswerBook, type AnswerScope, type SetAnswer } from './answers/answer-book.ts';
import { type Behaviour, describeBehaviour } from './answers/behaviour.ts';
import { STATION_ACTIONS } from './answers/default-answers.ts';
import { checkCall } from './checks/check-call.ts';
import type { Violation } from './checks/rules.ts';
import type { FrameValidator } from './checks/schema-validator.ts';
import { CsmsError } from './csms-error.ts';
import type { KeptStation, LedgerStore } from './ledger/ledger-store.ts';
import type { StationView } from './ledger/station-view.ts';
import type { Transaction } from './ledger/transaction.ts';
import type { Passwords } from './server/passwords.ts';
import { StationServer } from './server/station-server.ts';
import type { CallOutcome } from './stations/call-queue.ts';
import type { LinkEvents, StationLink } from './stations/link.ts';
import { type PassedFrame, Station, type StationContext } from './stations/station.ts';
import { sameTag, TagList } from './tags/tag-list.ts';
import { transcriptLine } from './transcript/transcript.ts';

/** What a {@link Csms} is made of. */
export interface CsmsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: every card is accepted. */
  readonly tags?: TagList;
  /** The JSON schemas; best a strict one. Without it the hand-typed tables alone are held up, and CALLs are sent unchecked. */
  readonly validator?: FrameValidator;
  /** Passwords by station; stations that are not named come in with any. */
  readonly passwords?: Passwords;
  /** Serve wss. */
  readonly tls?: TlsOptions;
  /** The interval in BootNotification.conf, in seconds. Default 300. */
  readonly bootIntervalS?: number;
  /** How soon a station may take an unanswered CALL for timed out, in ms. Default 20 000. */
  readonly patienceMs?: number;
  /** Takes each frame as a line of NDJSON that `checkTranscript` reads. */
  readonly transcript?: (line: string) => void;
  /** Where the ledger is kept from run to run; without it this run begins anew and leaves nothing behind. Its owner closes it. */
  readonly ledger?: LedgerStore;
}

/** How a CALL of the CSMS is sent. */
export interface CallOptions {
  /** Default 30 s. */
  readonly timeoutMs?: number;
  /** Send it even though the schemas refuse it. */
  readonly force?: boolean;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** How many violations, and frames of each station, are kept. */
const KEPT_VIOLATIONS = 10_000;
const KEPT_FRAMES = 1_000;

/**
 * A small CSMS for OCPP 1.6-J: takes stations, answers them, keeps a ledger of what they tell, holds every frame against the rules, and
 * answers wrong, late or never when it is told to.
 */
export class Csms {
  readonly #options: CsmsOptions;
  readonly #answers = new AnswerBook();
  readonly #stations = new Map<string, Station>();
  readonly #frames = new Map<string, PassedFrame[]>();
  readonly #frameListeners = new Set<(frame: PassedFrame) => void>();
  readonly #violationListeners = new Set<(violation: Violation) => void>();
  #violations: Violation[] = [];
  /** How many each station has, which may be more than are kept. */
  readonly #violationsOf = new Map<string, number>();
  readonly #tags: TagList;
  #lastTransactionId = 0;
  #server: StationServer | undefined;
  #refusing = false;
  #upgradeDelayMs = 0;

  constructor(options: CsmsOptions) {
    this.#options = options;
    this.#tags = options.tags ?? TagList.acceptAll();
    if (options.ledger === undefined) return;
    this.#lastTransactionId = options.ledger.lastTransactionId;
    for (const kept of options.ledger.stations())
      this.#stations.set(kept.station, this.#newStation(kept.station, kept));
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Listens for stations. @returns the address that they connect to, their id appended */
  async start(): Promise<{ readonly port: number; readonly url: string }> {
    const { clock, log, passwords, tls, host = '127.0.0.1', port: wanted = 0 } = this.#options;
    const server = new StationServer({
      clock,
      log,
      host,
      port: wanted,
      ...(passwords === undefined ? {} : { passwords }),
      ...(tls === undefined ? {} : { tls }),
      onStation: (id, link, path) => this.attach(id, link, path),
    });
    const port = await server.listen();
    server.refusing = this.#refusing;
    server.upgradeDelayMs = this.#upgradeDelayMs;
    this.#server = server;
    const shown = host.includes(':') ? `[${host}]` : host;
    return { port, url: `${tls === undefined ? 'ws' : 'wss'}://${shown}:${port}` };
  }

  /** Cuts all connections and stops listening. The ledger stays; {@link start} may be called again. */
  async stop(): Promise<void> {
    for (const station of this.#stations.values()) if (station.connected) station.drop('cut');
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** Takes a station over any link: how a test on virtual time connects one without a socket. */
  attach(id: string, link: StationLink, path: string = `/${id}`): LinkEvents {
    let station = this.#stations.get(id);
    if (station === undefined) {
      station = this.#newStation(id);
      this.#stations.set(id, station);
    }
    this.#options.log.info('a station connected', { station: id });
    return station.connect(link, path);
  }

  /**
   * Forgets a station that is not connected, with its transactions.
   * @throws CsmsError `CSMS_UNKNOWN_STATION`, `CSMS_CONNECTED`
   */
  forget(id: string): void {
    if (this.#station(id).connected)
      throw new CsmsError('CSMS_CONNECTED', `${id} is connected: it is forgotten once it is gone`);
    this.#stations.delete(id);
    this.#frames.delete(id);
    this.clearViolations(({ station }) => station === id);
    this.#options.ledger?.forget(id);
  }

  /** The stations that were ever connected, in order of their coming. */
  list(): StationView[] {
    return [...this.#stations.keys()].map((id) => this.ledger(id));
  }

  /** All that is known of one station. @throws CsmsError `CSMS_UNKNOWN_STATION` */
  ledger(station: string): StationView {
    return { ...this.#station(station).view(), violations: this.#violationsOf.get(station) ?? 0 };
  }

  /**
   * Sends a request and waits for the answer, which may be a CALLERROR.
   * @throws CsmsError `CSMS_UNKNOWN_STATION`, `CSMS_NOT_CONNECTED`, `CSMS_CALL_INVALID` (the schemas refuse it), `CSMS_CALL_TIMEOUT`,
   *   `CSMS_LINK_LOST`
   */
  async call(station: string, action: string, payload: unknown = {}, options: CallOptions = {}): Promise<CallOutcome> {
    const target = this.#station(station);
    const { validator } = this.#options;
    if (options.force !== true && validator) checkCall(validator, action, payload);
    return target.call(action, payload, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }

  /** Sends a text as it is, to see what a station makes of it. */
  sendRaw(station: string, text: string): void {
    this.#station(station).raw(text);
  }

  /**
   * Answers an action (`*` for all) as told from now on, or for the next so many CALLs.
   * @throws CsmsError `CSMS_UNKNOWN_ACTION`
   */
  setAnswer(action: string, behaviour: Behaviour, scope: AnswerScope = {}): void {
    if (action !== '*' && !STATION_ACTIONS.includes(action))
      throw new CsmsError(
        'CSMS_UNKNOWN_ACTION',
        `no station asks with ${action}: it is one of ${STATION_ACTIONS.join(', ')}`,
      );
    this.#answers.set(action, behaviour, scope);
    this.#options.log.info(`answers ${action}: ${describeBehaviour(behaviour)}`, { ...scope });
  }

  /** Answers everything as it should be again. */
  resetAnswers(): void {
    this.#answers.reset();
  }

  /** What {@link setAnswer} set and is in force. */
  answers(): readonly SetAnswer[] {
    return this.#answers.list();
  }

  /** Ends a station's connection: `cut` as a broken network does, `clean` with a goodbye. */
  drop(station: string, how: 'clean' | 'cut' = 'cut'): void {
    this.#station(station).drop(how);
  }

  /** Answers 503 to whoever wants to connect, until it is switched off. Connections that there are stay. */
  refuse(on: boolean): void {
    this.#refusing = on;
    if (this.#server !== undefined) this.#server.refusing = on;
  }

  /** Neither reads nor answers on a station's connection, which stays open. */
  halfOpen(station: string, on: boolean = true): void {
    this.#station(station).halfOpen(on);
  }

  /** Lets whoever wants to connect wait so long for the answer to the upgrade. */
  delayUpgrade(delayMs: number): void {
    this.#upgradeDelayMs = delayMs;
    if (this.#server !== undefined) this.#server.upgradeDelayMs = delayMs;
  }

  get tags(): TagList {
    return this.#tags;
  }

  /** What the stations did wrong, oldest first; the last 10 000. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Forgets violations: those that are picked, or all. */
  clearViolations(picked: (violation: Violation) => boolean = () => true): void {
    this.#violations = this.#violations.filter((violation) => !picked(violation));
    this.#violationsOf.clear();
    for (const { station } of this.#violations) this.#countViolation(station);
  }

  /**
   * The last 1000 frames of a station, or of each, oldest first; those of this run.
   * @throws CsmsError `CSMS_UNKNOWN_STATION`
   */
  frames(station?: string): readonly PassedFrame[] {
    if (station !== undefined) return this.#frames.get(this.#station(station).id) ?? [];
    return [...this.#frames.values()].flat().sort((a, b) => a.atMs - b.atMs);
  }

  /** Calls back with every frame, and with connections that come and go. */
  onFrame(listener: (frame: PassedFrame) => void): Timer {
    this.#frameListeners.add(listener);
    return { cancel: () => void this.#frameListeners.delete(listener) };
  }

  onViolation(listener: (violation: Violation) => void): Timer {
    this.#violationListeners.add(listener);
    return { cancel: () => void this.#violationListeners.delete(listener) };
  }

  #newStation(id: string, kept?: KeptStation): Station {
    const { clock, random, log, validator, patienceMs, bootIntervalS = 300, ledger } = this.#options;
    const context = {
      clock,
      random,
      log,
      validator,
      patienceMs,
      bootIntervalS,
      answers: this.#answers,
      tags: () => this.#tags,
      nextTransactionId: () => ++this.#lastTransactionId,
      inTransaction: (idTag: string, except: Transaction | undefined) => this.#inTransaction(idTag, except),
      onFrame: (frame: PassedFrame) => this.#passed(frame),
      onViolation: (violation: Violation) => this.#violated(violation),
      save: (...[station, changed, transactions]: Parameters<StationContext['save']>) =>
        ledger?.save(station, changed, transactions, this.#lastTransactionId),
    };
    return new Station(id, context, kept);
  }

  #station(id: string): Station {
    const station = this.#stations.get(id);
    if (station !== undefined) return station;
    const known = [...this.#stations.keys()].join(', ');
    throw new CsmsError('CSMS_UNKNOWN_STATION', `no station ${id} was ever connected (${known || 'none was'})`);
  }

  #inTransaction(idTag: string, except: Transaction | undefined): boolean {
    return [...this.#stations.values()]
      .flatMap((station) => station.checker.transactions.running())
      .some((transaction) => transaction !== except && sameTag(transaction.start.idTag, idTag));
  }

  #passed(frame: PassedFrame): void {
    const kept = this.#frames.get(frame.station) ?? [];
    this.#frames.set(frame.station, kept);
    kept.push(frame);
    if (kept.length > KEPT_FRAMES) kept.shift();
    this.#options.transcript?.(transcriptLine(frame.station, frame.dir, frame.text, frame.atMs));
    for (const listener of this.#frameListeners) listener(frame);
  }

  #violated(violation: Violation): void {
    this.#violations.push(violation);
    this.#countViolation(violation.station);
    if (this.#violations.length > KEPT_VIOLATIONS) this.#violations.shift();
    const { station, rule } = violation;
    this.#options.log.warn(`${station} violates ${rule}: ${violation.message}`, { station, rule });
    for (const listener of this.#violationListeners) listener(violation);
  }

  #countViolation(station: string): void {
    this.#violationsOf.set(station, (this.#violationsOf.get(station) ?? 0) + 1);
  }
}
