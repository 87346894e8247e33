import type { Row, Statement, Store } from '@chargemesh/base';
import type { UndeliverableMessage } from '../charge-point-types.ts';
import { integer, optionalInteger, optionalText, text } from '../persistence/columns.ts';
import { type LedgerId, ledgerId, sessionId } from '../transactions/ids.ts';

/** How many messages are kept that are neither the start nor the stop of a transaction. */
const KEPT = 500;

/** A message with what the ledger knows of its transaction: a StopTransaction names no connector. */
const SHOWN = `SELECT U.*, T.CONNECTOR, T.SESSION_ID FROM UNDELIVERABLE U LEFT JOIN TRANSACTIONS T ON T.LEDGER_ID = U.LEDGER_ID`;

/** What {@link Undeliverable.add} writes down. */
export interface FailedMessage {
  readonly action: string;
  readonly payloadText: string;
  readonly ledgerId: LedgerId | undefined;
  readonly attempts: number;
  readonly failedMs: number;
  readonly error: string;
}

/** The table of messages that the CSMS refused too often (D18). Nothing of a transaction's start or stop is ever dropped from it. */
export class Undeliverable {
  readonly #insert: Statement;
  readonly #all: Statement;
  readonly #one: Statement;
  readonly #delete: Statement;
  readonly #trim: Statement;

  constructor(store: Store) {
    this.#insert = store.prepare(
      'INSERT INTO UNDELIVERABLE (ACTION, PAYLOAD, LEDGER_ID, ATTEMPTS, FAILED_MS, ERROR) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#all = store.prepare(`${SHOWN} ORDER BY U.ID`);
    this.#one = store.prepare(`${SHOWN} WHERE U.ID = ?`);
    this.#delete = store.prepare('DELETE FROM UNDELIVERABLE WHERE ID = ?');
    this.#trim = store.prepare(
      `DELETE FROM UNDELIVERABLE WHERE ID IN (SELECT ID FROM UNDELIVERABLE
         WHERE ACTION NOT IN ('StartTransaction', 'StopTransaction') ORDER BY ID DESC LIMIT -1 OFFSET ${KEPT})`,
    );
  }

  /** @returns the message as it is shown */
  add(failed: FailedMessage): UndeliverableMessage {
    const { action, payloadText, ledgerId: ledger, attempts, failedMs, error } = failed;
    const { lastInsertRowid: id } = this.#insert.run(action, payloadText, ledger ?? null, attempts, failedMs, error);
    const added = this.#one.get(id);
    this.#trim.run();
    if (!added) throw new RangeError(`undeliverable message ${id} is not in its table`);
    return shown(added);
  }

  all(): readonly UndeliverableMessage[] {
    return this.#all.all().map(shown);
  }

  /** Takes a message out. @returns undefined where there is none with that id */
  take(id: number): { action: string; payloadText: string; ledgerId: LedgerId | undefined } | undefined {
    const row = this.#one.get(id);
    if (!row) return undefined;
    this.#delete.run(id);
    return { action: text(row, 'ACTION'), payloadText: text(row, 'PAYLOAD'), ledgerId: shown(row).ledgerId };
  }
}

function shown(row: Row): UndeliverableMessage {
  const ledger = optionalInteger(row, 'LEDGER_ID');
  const session = optionalText(row, 'SESSION_ID');
  const connectorId = optionalInteger(row, 'CONNECTOR') ?? connectorOf(JSON.parse(text(row, 'PAYLOAD')));
  return {
    id: integer(row, 'ID'),
    action: text(row, 'ACTION'),
    payload: JSON.parse(text(row, 'PAYLOAD')),
    ...(ledger === undefined ? {} : { ledgerId: ledgerId(ledger) }),
    ...(session === undefined ? {} : { sessionId: sessionId(session) }),
    ...(connectorId === undefined ? {} : { connectorId }),
    attempts: integer(row, 'ATTEMPTS'),
    failedMs: integer(row, 'FAILED_MS'),
    error: text(row, 'ERROR'),
  };
}

/** Meter values of no transaction name their connector themselves. */
function connectorOf(payload: unknown): number | undefined {
  const named = typeof payload === 'object' && payload !== null && 'connectorId' in payload && payload.connectorId;
  return typeof named === 'number' ? named : undefined;
}
