import { type Clock, formatTimestamp, type Logger, messageOf, PatientWrites } from '@chargemesh/base';
import type {
  OpenTransaction,
  SignedMeterValue,
  TokenUpdate,
  TransactionEvent,
  TransactionFinished,
  TransactionStarted,
} from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { roundEnergyWh, signedMeterValue } from '../metering/sampled-values.ts';
import { type Sample, selectTransactionData } from '../metering/transaction-data.ts';
import type { IdTagInfo, StopReason } from '../ocpp-types.ts';
import type { LedgerHooks, Messenger } from '../queue/messenger.ts';
import type { QueuedMessage } from '../queue/transaction-queue.ts';
import { responseOf } from '../rpc/typed.ts';
import type { MeterValue } from '../schemas/messages.ts';
import { type CsmsTransactionId, csmsTransactionId, type LedgerId, type SessionId } from './ids.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import { PreviousRun } from './previous-run.ts';

/** Stands in a StopTransaction for the id of a transaction whose start the CSMS refused for good: it never gave one (D18, D19). */
const NEVER_GIVEN = -1;

/** What {@link Transactions} stands on. */
export interface TransactionsParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly ledger: Ledger;
  readonly messenger: () => Messenger;
  readonly told: (event: TransactionEvent) => void;
  readonly tokenUpdated: (update: TokenUpdate) => void;
  /** The CSMS said what it thinks of a token. Runs inside the commit that records the answer. */
  readonly learn: (idTag: string, info: IdTagInfo) => void;
  /** A running transaction's start was answered with a token that is not accepted (D23). */
  readonly notAccepted: (entry: LedgerEntry) => void;
  /** The CSMS has answered, or refused for good, the end of a transaction. */
  readonly closed: (entry: LedgerEntry) => void;
  /** The meter of a connector as it was read last in this run. */
  readonly newest: (connectorId: number) => { totalWh: number; atMs: number } | undefined;
  /** A transaction runs now on this connector, or does no more. */
  readonly running: (connectorId: number, runs: boolean) => void;
}

/**
 * The transactions of the station: each step is on disk, together with the message that tells of it, before anybody hears of it.
 * @see OCPP 1.6, 4.8, 4.10 and 3.7
 */
export class Transactions {
  readonly #parts: TransactionsParts;
  readonly #active = new Map<number, LedgerEntry>();
  readonly #previous: PreviousRun;
  /** When transactions ended whose end the disk has not taken yet, by ledger id: of those nothing is measured any more. */
  readonly #endedMs = new Map<number, number>();
  /** How transactions are held back that the disk has not taken yet, by ledger id. */
  readonly #unwritten = new Map<LedgerId, Pick<LedgerEntry, 'hold' | 'holdLimitWh'>>();
  readonly #writes: PatientWrites;

  constructor(parts: TransactionsParts) {
    this.#parts = parts;
    this.#previous = new PreviousRun(parts.clock);
    this.#writes = new PatientWrites(parts.clock, parts.log);
  }

  /** What the queue asks about messages of transactions. */
  readonly hooks: LedgerHooks = {
    payload: (message, payloadText) => this.#payload(message, payloadText),
    delivered: (message, answer) => this.#delivered(message, answer),
    failed: (message) => this.#failed(message),
    resent: (action, ledgerId) => this.#resent(action, ledgerId),
  };

  /**
   * Takes up what the last run left: a transaction whose session goes on stays open, every other one has ended with the power (C-80). How,
   * its EVSE knows best and is given the time to tell. Those that ended have their stop in the queue already.
   */
  recover(goesOn: (sessionId: SessionId) => boolean): void {
    const begun = new Set(this.running().map(({ ledgerId }) => ledgerId)); // in this run, before the start
    const left = this.#parts.ledger.open().filter(({ ledgerId }) => !begun.has(ledgerId));
    for (const entry of left) if (goesOn(entry.sessionId)) this.#takeUp(entry);
    const cutOff = left.filter(({ sessionId }) => !goesOn(sessionId));
    this.#previous.cutOff(cutOff, (entries) => this.#closeCutOff(entries));
  }

  /** A session of the previous run, or of its EVSE's previous life, goes on: so does its transaction, unless it was ended meanwhile. */
  resume(sessionId: SessionId): void {
    const cutOff = this.#previous.find(sessionId);
    const running = this.running().find((entry) => entry.sessionId === sessionId);
    if (cutOff) this.#takeUp(cutOff);
    else if (running) this.#previous.takeUp(running);
  }

  /** The end of this run. What was not decided yet is in the next. */
  stop(): void {
    this.#previous.stop();
  }

  /**
   * A session begins or ends on a connector: whatever transaction of the previous run was there is over, and nobody told.
   * @param sessionId the session that begins
   */
  endUnheard(connectorId: number, sessionId?: SessionId): void {
    for (const entry of this.#previous.on(connectorId)) if (entry.sessionId !== sessionId) this.#closeUnheard(entry);
  }

  /** The transaction that runs on a connector, as it stood when it was last written. */
  on(connectorId: number): LedgerEntry | undefined {
    return this.#active.get(connectorId);
  }

  /** All that run. */
  running(): readonly LedgerEntry[] {
    return [...this.#active.values()];
  }

  /** The running transaction that the CSMS knows by this id. */
  byTransactionId(id: CsmsTransactionId): LedgerEntry | undefined {
    return this.running().find(({ transactionId }) => transactionId === id);
  }

  /** All open ones in the ledger, of a previous run too. */
  open(): readonly OpenTransaction[] {
    return this.#parts.ledger.open().map((entry) => ({
      ledgerId: entry.ledgerId,
      sessionId: entry.sessionId,
      connectorId: entry.connectorId,
      idTag: entry.idTag,
      ...(entry.transactionId === undefined ? {} : { transactionId: entry.transactionId }),
      meterStartWh: entry.meterStartWh,
      startedMs: entry.startedMs,
    }));
  }

  /** Begins a transaction. One whose session is in the ledger already was told before, and is ignored. */
  start(connectorId: number, started: TransactionStarted): void {
    const { ledger, log } = this.#parts;
    const { sessionId, idTag, timestampMs, reservationId, signedStart } = started;
    if (ledger.bySession(sessionId)) {
      log.info('transaction is in the ledger already', { sessionId });
      return;
    }
    this.endUnheard(connectorId, sessionId);
    this.#endForgotten(connectorId);
    const messenger = this.#parts.messenger();
    const meterStartWh = roundEnergyWh(started.meterStartWh);
    const entry = messenger.atomically(() => {
      const id = ledger.insert({ sessionId, connectorId, idTag, meterStartWh, startedMs: timestampMs, reservationId });
      const timestamp = formatTimestamp(timestampMs);
      const reservation = reservationId === undefined ? {} : { reservationId };
      messenger.queue(
        'StartTransaction',
        { connectorId, idTag, meterStart: meterStartWh, ...reservation, timestamp },
        id,
      );
      if (signedStart) {
        const meterValue = signed(signedStart, 'Transaction.Begin');
        messenger.queue('MeterValues', { connectorId, meterValue: [meterValue] }, id);
        ledger.addData(id, JSON.stringify(meterValue));
      }
      return ledger.byId(id);
    });
    if (!entry) return;
    this.#remember(entry);
    this.#parts.running(connectorId, true);
    this.#parts.told({ event: 'Started', connectorId, sessionId });
  }

  /** Ends a transaction. One that is not in the ledger, or has ended, is ignored (C-39). */
  finish(connectorId: number, finished: TransactionFinished): void {
    const { ledger, log } = this.#parts;
    const { sessionId } = finished;
    // An EVSE that tells the end of what it had before may not know the session any more.
    const entry = sessionId === '' ? this.#left(connectorId) : ledger.bySession(sessionId);
    if (!entry) {
      log.warn('the end of a transaction that never began', { sessionId, connectorId });
      return;
    }
    if (entry.stopState !== 'none') {
      log.info('transaction has ended already', { sessionId });
      return;
    }
    const short = this.#previous.has(entry) && roundEnergyWh(finished.meterStopWh) < entry.meterLastWh;
    if (short)
      log.warn('the meter reads less than before the start: the last reading counts', {
        sessionId: entry.sessionId,
        meterWh: finished.meterStopWh,
        lastWh: entry.meterLastWh,
      });
    const told = short ? { ...finished, meterStopWh: entry.meterLastWh } : finished;
    this.#close(entry, notBefore(told, entry.lastMs, this.#parts.clock.wallMs()));
  }

  /** Records a sample, and the message that tells it. @param totalWh the import register, where it is known */
  sample(connectorId: number, { message, record }: Sample, totalWh: number | undefined, atMs: number): void {
    const { ledger } = this.#parts;
    const messenger = this.#parts.messenger();
    const ledgerId = this.#active.get(connectorId)?.ledgerId;
    if (this.#isOver(ledgerId, atMs)) return;
    messenger.atomically(() => {
      if (message) messenger.queue('MeterValues', { connectorId, meterValue: [message] }, ledgerId);
      if (ledgerId !== undefined && record) ledger.addData(ledgerId, JSON.stringify(record));
      if (ledgerId !== undefined && totalWh !== undefined) ledger.measured(ledgerId, roundEnergyWh(totalWh), atMs);
    });
    this.#refresh(connectorId);
  }

  /** Writes down how far the meter is, for the case that the power goes. */
  measured(connectorId: number, totalWh: number, atMs: number): void {
    const entry = this.#active.get(connectorId);
    if (!entry || this.#isOver(entry.ledgerId, atMs)) return;
    this.#parts.ledger.measured(entry.ledgerId, roundEnergyWh(totalWh), atMs);
    this.#refresh(connectorId);
  }

  /** Notes whether we hold a transaction back: at once, and on disk as soon as that takes it. */
  hold(connectorId: number, hold: LedgerEntry['hold'], limitWh?: number): void {
    const ledgerId = this.#active.get(connectorId)?.ledgerId;
    if (ledgerId === undefined) return;
    const held = { hold, holdLimitWh: limitWh };
    this.#unwritten.set(ledgerId, held);
    this.#writes.write(() => {
      this.#parts.ledger.held(ledgerId, hold, limitWh);
      if (this.#unwritten.get(ledgerId) === held) this.#unwritten.delete(ledgerId);
    });
    this.#refresh(connectorId);
  }

  #close(entry: LedgerEntry, finished: Omit<TransactionFinished, 'sessionId'>): void {
    const { ledger, configuration } = this.#parts;
    const messenger = this.#parts.messenger();
    const { ledgerId, connectorId, sessionId, transactionId } = entry;
    const { reason, timestampMs, idTag } = finished;
    const meterStopWh = roundEnergyWh(finished.meterStopWh);
    this.#endedMs.set(ledgerId, timestampMs);
    messenger.atomically(() => {
      const payload = {
        ...(idTag === undefined ? {} : { idTag }),
        meterStop: meterStopWh,
        reason,
        timestamp: formatTimestamp(timestampMs),
      };
      const transactionData = selectTransactionData(this.#collected(entry, finished), configuration, payload);
      messenger.queue('StopTransaction', { ...payload, ...(transactionData ? { transactionData } : {}) }, ledgerId);
      ledger.stopped(ledgerId, { meterWh: meterStopWh, atMs: timestampMs, reason, idTag });
      ledger.dropData(ledgerId);
    });
    this.#endedMs.delete(ledgerId);
    this.#previous.ended(entry);
    const ran = this.#active.get(connectorId)?.ledgerId === ledgerId;
    if (ran) this.#active.delete(connectorId);
    if (ran) this.#parts.running(connectorId, false);
    this.#parts.told({
      event: 'Ended',
      connectorId,
      sessionId,
      ...(transactionId === undefined ? {} : { transactionId }),
    });
  }

  #isOver(ledgerId: number | undefined, atMs: number): boolean {
    const endedMs = ledgerId === undefined ? undefined : this.#endedMs.get(ledgerId);
    return endedMs !== undefined && atMs > endedMs;
  }

  #takeUp(entry: LedgerEntry): void {
    const { connectorId, sessionId } = entry;
    this.#parts.log.info('transaction resumed', { sessionId, connectorId });
    this.#previous.takeUp(entry);
    this.#remember(entry);
    this.#parts.running(connectorId, true);
  }

  /** What the previous run left on a connector, as it stands now. */
  #left(connectorId: number): LedgerEntry | undefined {
    const [entry] = this.#previous.on(connectorId);
    return entry && this.#parts.ledger.byId(entry.ledgerId);
  }

  #closeCutOff(entries: readonly LedgerEntry[]): void {
    const { log } = this.#parts;
    for (const entry of entries)
      try {
        this.#closeUnheard(entry);
      } catch (thrown) {
        // It stays open in the ledger, for the next start.
        log.error('the end of a transaction could not be written down', { error: messageOf(thrown) });
      }
  }

  /** A transaction is over whose EVSE has not told it. Nothing has flowed since, so what the meter reads by now counts. */
  #closeUnheard(left: LedgerEntry): void {
    const { ledger, log, newest } = this.#parts;
    const entry = ledger.byId(left.ledgerId) ?? left;
    const { sessionId, connectorId, meterLastWh, lastMs } = entry;
    const reason: StopReason = this.#previous.isCutOff(entry) ? 'PowerLoss' : 'Other';
    const read = newest(connectorId);
    const meter =
      read !== undefined && roundEnergyWh(read.totalWh) > meterLastWh
        ? { meterStopWh: read.totalWh, timestampMs: read.atMs }
        : { meterStopWh: meterLastWh, timestampMs: lastMs };
    log.warn('the end of a transaction was not told', { sessionId, connectorId, reason });
    this.#close(entry, { reason, ...meter });
  }

  /** All samples of a transaction, and the signed values around them (C-51). */
  #collected(entry: LedgerEntry, finished: Omit<TransactionFinished, 'sessionId'>): readonly MeterValue[] {
    const data = this.#parts.ledger.data(entry.ledgerId).map((text): MeterValue => JSON.parse(text));
    const hasBegin = data.some(({ sampledValue }) =>
      sampledValue.some(({ context }) => context === 'Transaction.Begin'),
    );
    const begin =
      finished.signedStart && !hasBegin
        ? [signed({ ...finished.signedStart, timestampMs: entry.startedMs }, 'Transaction.Begin')]
        : [];
    const end = finished.signedStop ? [signed(finished.signedStop, 'Transaction.End')] : [];
    return [...begin, ...data, ...end];
  }

  /** A new transaction begins where an old one never ended: its end was not told to us, and is made up for with what is known. */
  #endForgotten(connectorId: number): void {
    const forgotten = this.#active.get(connectorId);
    if (!forgotten) return;
    this.#parts.log.error('a transaction never ended', { sessionId: forgotten.sessionId, connectorId });
    const { meterLastWh, lastMs } = forgotten;
    this.#close(forgotten, { reason: 'Other' satisfies StopReason, meterStopWh: meterLastWh, timestampMs: lastMs });
  }

  #payload({ action, ledgerId }: QueuedMessage, payloadText: string): string {
    if (ledgerId === undefined || action === 'StartTransaction') return payloadText;
    const transactionId = this.#parts.ledger.byId(ledgerId)?.transactionId;
    if (transactionId === undefined && action !== 'StopTransaction') return payloadText;
    return JSON.stringify({ ...JSON.parse(payloadText), transactionId: transactionId ?? NEVER_GIVEN });
  }

  #delivered(message: QueuedMessage, answer: unknown): () => void {
    const entry = message.ledgerId === undefined ? undefined : this.#parts.ledger.byId(message.ledgerId);
    if (!entry) return () => {};
    switch (message.action) {
      case 'StartTransaction':
        return this.#startAnswered(entry, answer);
      case 'StopTransaction':
        return this.#stopAnswered(entry, answer);
      default:
        return () => {};
    }
  }

  /** @see OCPP 1.6, 4.8 and 6.46 (C-31 … C-34) */
  #startAnswered(entry: LedgerEntry, answer: unknown): () => void {
    const { ledger, learn, told, tokenUpdated, notAccepted } = this.#parts;
    const { transactionId: given, idTagInfo } = responseOf('StartTransaction', answer);
    const transactionId = csmsTransactionId(given);
    const { ledgerId, connectorId, sessionId, idTag } = entry;
    ledger.started(ledgerId, transactionId, idTagInfo.parentIdTag);
    learn(idTag, idTagInfo);
    if (entry.stopState === 'answered') this.#stopAgain(entry);
    return () => {
      this.#refresh(connectorId);
      told({ event: 'Updated', connectorId, sessionId, transactionId });
      tokenUpdated({ connectorId, sessionId, idTag, idTagInfo });
      const running = this.#active.get(connectorId);
      if (idTagInfo.status !== 'Accepted' && running?.ledgerId === ledgerId) notAccepted(running);
    };
  }

  /** @see OCPP 1.6, 4.10 (C-36). The token's state is learnt, and nothing else is done with it (D23). */
  #stopAnswered(entry: LedgerEntry, answer: unknown): () => void {
    const { ledger, learn, closed } = this.#parts;
    const { idTagInfo } = responseOf('StopTransaction', answer);
    ledger.stopState(entry.ledgerId, 'answered');
    if (idTagInfo) learn(entry.idTagEnd ?? entry.idTag, idTagInfo);
    return () => closed(entry);
  }

  #failed({ action, ledgerId }: QueuedMessage): () => void {
    const { ledger, closed } = this.#parts;
    const entry = ledgerId === undefined ? undefined : ledger.byId(ledgerId);
    if (!entry) return () => {};
    if (action === 'StartTransaction') ledger.startFailed(entry.ledgerId);
    if (action !== 'StopTransaction') return () => this.#refresh(entry.connectorId);
    ledger.stopState(entry.ledgerId, 'failed');
    return () => closed(entry);
  }

  #resent(action: string, ledgerId: LedgerId): void {
    const { ledger } = this.#parts;
    if (action === 'StartTransaction') ledger.startReopened(ledgerId);
    if (action === 'StopTransaction') ledger.stopState(ledgerId, 'queued');
  }

  /**
   * A start that was refused for good was sent again by hand and taken, but its stop is told already, under no id: only by a stop with the
   * id can the CSMS close what it has just opened. What was measured in between it was told with the first one.
   */
  #stopAgain({ ledgerId, idTagEnd, stop }: LedgerEntry): void {
    if (!stop) return;
    const { meterWh: meterStop, atMs, reason } = stop;
    const idTag = idTagEnd === undefined ? {} : { idTag: idTagEnd };
    const payload = { ...idTag, meterStop, reason, timestamp: formatTimestamp(atMs) };
    this.#parts.messenger().queue('StopTransaction', payload, ledgerId);
    this.#parts.ledger.stopState(ledgerId, 'queued');
  }

  #remember(entry: LedgerEntry): void {
    this.#active.set(entry.connectorId, entry);
  }

  #refresh(connectorId: number): void {
    const known = this.#active.get(connectorId);
    const entry = known && this.#parts.ledger.byId(known.ledgerId);
    if (entry) this.#remember({ ...entry, ...this.#unwritten.get(entry.ledgerId) });
  }
}

/**
 * An EVSE may tell an end late (its disk had to take it first), when a reading of after it has been sent already. For the CSMS no time
 * runs back in a transaction, so its end is then as late as that reading, unless the clock itself was set back in between.
 */
function notBefore<T extends Omit<TransactionFinished, 'sessionId'>>(finished: T, lastMs: number, nowMs: number): T {
  const { timestampMs, signedStop } = finished;
  if (timestampMs >= lastMs || lastMs > nowMs) return finished;
  const laterStop = signedStop && { ...signedStop, timestampMs: Math.max(signedStop.timestampMs, lastMs) };
  return { ...finished, timestampMs: lastMs, ...(laterStop ? { signedStop: laterStop } : {}) };
}

function signed(from: SignedMeterValue, context: 'Transaction.Begin' | 'Transaction.End'): MeterValue {
  return signedMeterValue(from.value, from.timestampMs, context);
}
