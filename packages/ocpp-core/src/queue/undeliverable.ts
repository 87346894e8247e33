import type { Row, Statement, Store } from '@chargemesh/base';
import type { UndeliverableMessage } from '../charge-point-types.ts';
import { integer, optionalInteger, text } from '../persistence/columns.ts';
import { type LedgerId, ledgerId } from '../transactions/ids.ts';

/** How many messages are kept that are neither the start nor the stop of a transaction. */
const KEPT = 500;

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
    this.#all = store.prepare('SELECT * FROM UNDELIVERABLE ORDER BY ID');
    this.#one = store.prepare('SELECT * FROM UNDELIVERABLE WHERE ID = ?');
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
    this.#trim.run();
    return {
      id,
      action,
      payload: JSON.parse(payloadText),
      ...(ledger === undefined ? {} : { ledgerId: ledger }),
      attempts,
      failedMs,
      error,
    };
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
  return {
    id: integer(row, 'ID'),
    action: text(row, 'ACTION'),
    payload: JSON.parse(text(row, 'PAYLOAD')),
    ...(ledger === undefined ? {} : { ledgerId: ledgerId(ledger) }),
    attempts: integer(row, 'ATTEMPTS'),
    failedMs: integer(row, 'FAILED_MS'),
    error: text(row, 'ERROR'),
  };
}
