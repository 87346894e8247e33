import type { Row, Statement, Store } from '@chargemesh/base';
import type { StopReason } from '../ocpp-types.ts';
import { integer, optionalInteger, optionalText, text, word } from '../persistence/columns.ts';
import {
  type CsmsTransactionId,
  csmsTransactionId,
  type LedgerId,
  ledgerId,
  type SessionId,
  sessionId,
} from './ids.ts';

/** How far the CSMS got with a transaction's start: not heard yet, has given an id, or refused it for good (D18). */
export type StartState = 'open' | 'answered' | 'failed';

/** How far a transaction's end got: it runs, its stop waits in the queue, is with the CSMS, or was refused for good. */
export type StopState = 'none' | 'queued' | 'answered' | 'failed';

/** Whether we hold the transaction back since the CSMS does not accept its token: paused, or until an energy is reached (D23). */
export type Hold = 'none' | 'paused' | 'limited';

/** One transaction as it stands on disk. */
export interface LedgerEntry {
  readonly ledgerId: LedgerId;
  readonly sessionId: SessionId;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly startedMs: number;
  readonly startState: StartState;
  readonly transactionId: CsmsTransactionId | undefined;
  readonly meterLastWh: number;
  readonly lastMs: number;
  readonly hold: Hold;
  readonly holdLimitWh: number | undefined;
  readonly stopState: StopState;
  readonly idTagEnd: string | undefined;
  /** How it ended, once it has. */
  readonly stop: { readonly meterWh: number; readonly atMs: number; readonly reason: string } | undefined;
}

/** What a new entry is made of. */
export interface NewEntry {
  readonly sessionId: SessionId;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly startedMs: number;
  readonly reservationId: number | undefined;
}

/**
 * The table of all transactions. It is written, and committed, before anything of it is sent or told. Each function is one statement;
 * what belongs together is put into one commit by the caller.
 */
export class Ledger {
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #bySession: Statement;
  readonly #byTransactionId: Statement;
  readonly #open: Statement;
  readonly #queuedStops: Statement;
  readonly #started: Statement;
  readonly #measured: Statement;
  readonly #held: Statement;
  readonly #stopped: Statement;
  readonly #stopState: Statement;
  readonly #startState: Statement;
  readonly #addData: Statement;
  readonly #data: Statement;
  readonly #dropData: Statement;

  constructor(store: Store) {
    this.#insert = store.prepare(
      `INSERT INTO TRANSACTIONS (SESSION_ID, CONNECTOR, ID_TAG, METER_START_WH, TIME_START_MS, RESERVATION_ID, METER_LAST_WH, TIME_LAST_MS)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = store.prepare('SELECT * FROM TRANSACTIONS WHERE LEDGER_ID = ?');
    this.#bySession = store.prepare('SELECT * FROM TRANSACTIONS WHERE SESSION_ID = ?');
    this.#byTransactionId = store.prepare(
      'SELECT * FROM TRANSACTIONS WHERE TRANSACTION_ID = ? ORDER BY LEDGER_ID DESC LIMIT 1',
    );
    this.#open = store.prepare("SELECT * FROM TRANSACTIONS WHERE STOP_STATE = 'none' ORDER BY LEDGER_ID");
    this.#queuedStops = store.prepare("SELECT COUNT(*) AS COUNT FROM TRANSACTIONS WHERE STOP_STATE = 'queued'");
    this.#started = store.prepare(
      "UPDATE TRANSACTIONS SET START_STATE = 'answered', TRANSACTION_ID = ?, PARENT_ID_TAG = ? WHERE LEDGER_ID = ?",
    );
    this.#startState = store.prepare('UPDATE TRANSACTIONS SET START_STATE = ? WHERE LEDGER_ID = ?');
    this.#measured = store.prepare('UPDATE TRANSACTIONS SET METER_LAST_WH = ?, TIME_LAST_MS = ? WHERE LEDGER_ID = ?');
    this.#held = store.prepare('UPDATE TRANSACTIONS SET HOLD = ?, HOLD_LIMIT_WH = ? WHERE LEDGER_ID = ?');
    this.#stopped = store.prepare(
      `UPDATE TRANSACTIONS SET METER_STOP_WH = ?, TIME_STOP_MS = ?, REASON = ?, ID_TAG_END = ?, STOP_STATE = 'queued'
       WHERE LEDGER_ID = ?`,
    );
    this.#stopState = store.prepare('UPDATE TRANSACTIONS SET STOP_STATE = ? WHERE LEDGER_ID = ?');
    this.#addData = store.prepare('INSERT INTO TRANSACTION_DATA (LEDGER_ID, METER_VALUE) VALUES (?, ?)');
    this.#data = store.prepare('SELECT METER_VALUE FROM TRANSACTION_DATA WHERE LEDGER_ID = ? ORDER BY ID');
    this.#dropData = store.prepare('DELETE FROM TRANSACTION_DATA WHERE LEDGER_ID = ?');
  }

  insert(entry: NewEntry): LedgerId {
    const { sessionId: session, connectorId, idTag, meterStartWh, startedMs, reservationId } = entry;
    const reservation = reservationId ?? null;
    return ledgerId(
      this.#insert.run(session, connectorId, idTag, meterStartWh, startedMs, reservation, meterStartWh, startedMs)
        .lastInsertRowid,
    );
  }

  byId(id: LedgerId): LedgerEntry | undefined {
    return entryOf(this.#byId.get(id));
  }

  bySession(session: SessionId): LedgerEntry | undefined {
    return entryOf(this.#bySession.get(session));
  }

  /** The newest transaction that the CSMS gave this id. */
  byTransactionId(id: CsmsTransactionId): LedgerEntry | undefined {
    return entryOf(this.#byTransactionId.get(id));
  }

  /** All that have not ended, oldest first. */
  open(): readonly LedgerEntry[] {
    return this.#open.all().flatMap((row) => entryOf(row) ?? []);
  }

  /** How many stops wait for the CSMS's answer. */
  queuedStops(): number {
    return integer(this.#queuedStops.get() ?? {}, 'COUNT');
  }

  started(id: LedgerId, transactionId: CsmsTransactionId, parentIdTag: string | undefined): void {
    this.#started.run(transactionId, parentIdTag ?? null, id);
  }

  startFailed(id: LedgerId): void {
    this.#startState.run('failed', id);
  }

  /** The start is on its way again after all. */
  startReopened(id: LedgerId): void {
    this.#startState.run('open', id);
  }

  measured(id: LedgerId, meterWh: number, atMs: number): void {
    this.#measured.run(meterWh, atMs, id);
  }

  held(id: LedgerId, hold: Hold, limitWh: number | undefined): void {
    this.#held.run(hold, limitWh ?? null, id);
  }

  stopped(id: LedgerId, stop: { meterWh: number; atMs: number; reason: StopReason; idTag: string | undefined }): void {
    this.#stopped.run(stop.meterWh, stop.atMs, stop.reason, stop.idTag ?? null, id);
  }

  stopState(id: LedgerId, state: StopState): void {
    this.#stopState.run(state, id);
  }

  /** Keeps a MeterValue, as JSON, for the transactionData of the stop. */
  addData(id: LedgerId, meterValueText: string): void {
    this.#addData.run(id, meterValueText);
  }

  data(id: LedgerId): readonly string[] {
    return this.#data.all(id).map((row) => text(row, 'METER_VALUE'));
  }

  dropData(id: LedgerId): void {
    this.#dropData.run(id);
  }
}

function entryOf(row: Row | undefined): LedgerEntry | undefined {
  if (!row) return undefined;
  const transactionId = optionalInteger(row, 'TRANSACTION_ID');
  return {
    ledgerId: ledgerId(integer(row, 'LEDGER_ID')),
    sessionId: sessionId(text(row, 'SESSION_ID')),
    connectorId: integer(row, 'CONNECTOR'),
    idTag: text(row, 'ID_TAG'),
    meterStartWh: integer(row, 'METER_START_WH'),
    startedMs: integer(row, 'TIME_START_MS'),
    startState: word(row, 'START_STATE', ['open', 'answered', 'failed']),
    transactionId: transactionId === undefined ? undefined : csmsTransactionId(transactionId),
    meterLastWh: integer(row, 'METER_LAST_WH'),
    lastMs: integer(row, 'TIME_LAST_MS'),
    hold: word(row, 'HOLD', ['none', 'paused', 'limited']),
    holdLimitWh: optionalInteger(row, 'HOLD_LIMIT_WH'),
    stopState: word(row, 'STOP_STATE', ['none', 'queued', 'answered', 'failed']),
    idTagEnd: optionalText(row, 'ID_TAG_END'),
    stop: stopOf(row),
  };
}

function stopOf(row: Row): LedgerEntry['stop'] {
  const meterWh = optionalInteger(row, 'METER_STOP_WH');
  const atMs = optionalInteger(row, 'TIME_STOP_MS');
  const reason = optionalText(row, 'REASON');
  return meterWh === undefined || atMs === undefined || reason === undefined ? undefined : { meterWh, atMs, reason };
}
