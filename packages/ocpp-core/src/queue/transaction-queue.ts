import type { Row, Statement, Store } from '@chargemesh/base';
import { integer, optionalInteger, text } from '../persistence/columns.ts';
import { type LedgerId, ledgerId } from '../transactions/ids.ts';

/** A message that must reach the CSMS, in its turn. */
export interface QueuedMessage {
  readonly rowId: number;
  readonly action: string;
  readonly ledgerId: LedgerId | undefined;
  /** Its place among all messages of this run, the normal ones included. */
  readonly sequence: number;
  /** How often the CSMS refused it, or kept silent on a live link (D18). */
  attempts: number;
  /** Not to be sent before, on the monotonic clock. */
  dueMs: number;
}

/** The transaction-class messages on disk, oldest first (C-60). Payloads stay there; only their order is kept in memory. */
export class TransactionQueue {
  readonly #store: Store;
  readonly #insert: Statement;
  readonly #payload: Statement;
  readonly #attempts: Statement;
  readonly #delete: Statement;
  /** Those before {@link #first} are gone: a long queue is not moved up for each message that leaves it. */
  #messages: QueuedMessage[] = [];
  #first = 0;
  /** The payload of a message that was read before its turn. What was queued does not change. */
  #ahead: { readonly message: QueuedMessage; readonly payloadText: string } | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#insert = store.prepare('INSERT INTO TRANSACTION_QUEUE (ACTION, PAYLOAD, LEDGER_ID) VALUES (?, ?, ?)');
    this.#payload = store.prepare('SELECT PAYLOAD FROM TRANSACTION_QUEUE WHERE ID = ?');
    this.#attempts = store.prepare('UPDATE TRANSACTION_QUEUE SET ATTEMPTS = ? WHERE ID = ?');
    this.#delete = store.prepare('DELETE FROM TRANSACTION_QUEUE WHERE ID = ?');
  }

  get length(): number {
    return this.#messages.length - this.#first;
  }

  head(): QueuedMessage | undefined {
    return this.#messages[this.#first];
  }

  has(message: QueuedMessage): boolean {
    return this.#messages.includes(message, this.#first);
  }

  /** Brings in what an earlier run left (C-69). */
  load(nextSequence: () => number): void {
    const rows = this.#store.prepare('SELECT ID, ACTION, LEDGER_ID, ATTEMPTS FROM TRANSACTION_QUEUE ORDER BY ID').all();
    this.#first = 0;
    this.#messages = rows.map((row) => ({
      ...keyOf(row),
      attempts: integer(row, 'ATTEMPTS'),
      sequence: nextSequence(),
      dueMs: 0,
    }));
  }

  /** Runs `work` in one commit; where that fails, memory is as it was before too. */
  atomically<T>(work: () => T, how: 'durably' | 'lazily' = 'durably'): T {
    const { length } = this.#messages;
    const [messages, first] = [this.#messages, this.#first];
    try {
      return this.#store.transaction(work, how);
    } catch (error) {
      // Messages are added at the end of a list; whatever else changes makes a new one.
      messages.length = length;
      [this.#messages, this.#first] = [messages, first];
      throw error;
    }
  }

  add(action: string, payloadText: string, ledger: LedgerId | undefined, sequence: number): void {
    const { lastInsertRowid } = this.#insert.run(action, payloadText, ledger ?? null);
    this.#messages.push({ rowId: lastInsertRowid, action, ledgerId: ledger, sequence, attempts: 0, dueMs: 0 });
  }

  /** Puts messages behind all others, in their order. Only to be called within {@link atomically}. */
  moveToEnd(messages: readonly QueuedMessage[]): void {
    for (const message of messages) {
      const { action, ledgerId: ledger, sequence, attempts } = message;
      const payloadText = this.payloadText(message);
      this.#delete.run(message.rowId);
      const { lastInsertRowid: rowId } = this.#insert.run(action, payloadText, ledger ?? null);
      this.#attempts.run(attempts, rowId);
      const last = this.#messages.at(-1)?.sequence ?? sequence;
      this.#replace([
        ...this.messages().filter((candidate) => candidate !== message),
        { ...message, rowId, sequence: Math.max(sequence, last) },
      ]);
    }
  }

  /** The payload as it was queued. */
  payloadText(message: QueuedMessage): string {
    const ahead = this.#ahead;
    if (ahead?.message === message) return ahead.payloadText;
    const row = this.#payload.get(message.rowId);
    return row ? text(row, 'PAYLOAD') : '{}';
  }

  /** Reads the payload of the message that comes next, while the head waits for its answer and nothing else is to be done. */
  lookAhead(): void {
    this.#ahead = undefined;
    const message = this.#messages[this.#first + 1];
    try {
      if (message) this.#ahead = { message, payloadText: this.payloadText(message) };
    } catch {
      // It is read in its turn, and who reads it then hears of the fault.
    }
  }

  countAttempt(message: QueuedMessage, dueMs: number): void {
    this.#attempts.run(message.attempts + 1, message.rowId);
    message.attempts++;
    message.dueMs = dueMs;
  }

  /** Takes a message out, in one commit with `work`. */
  remove<T>(message: QueuedMessage, work: () => T, how: 'durably' | 'lazily' = 'durably'): T {
    const result = this.atomically(() => {
      const worked = work();
      this.#delete.run(message.rowId);
      return worked;
    }, how);
    if (this.head() === message) this.#dropHead();
    else this.#replace(this.messages().filter((candidate) => candidate !== message));
    return result;
  }

  /** Takes out all messages for which `unwanted` holds. @returns how many */
  removeWhere(unwanted: (message: QueuedMessage, index: number) => boolean): number {
    const gone = new Set(this.messages().filter(unwanted));
    this.#store.transaction(() => {
      for (const message of gone) this.#delete.run(message.rowId);
    });
    this.#replace(this.messages().filter((message) => !gone.has(message)));
    return gone.size;
  }

  /** All messages, oldest first. */
  messages(): readonly QueuedMessage[] {
    return this.#first === 0 ? this.#messages : this.#messages.slice(this.#first);
  }

  #dropHead(): void {
    this.#first++;
    if (this.#first * 2 > this.#messages.length) this.#replace(this.#messages.slice(this.#first));
  }

  #replace(messages: QueuedMessage[]): void {
    this.#messages = messages;
    this.#first = 0;
  }
}

function keyOf(row: Row): { rowId: number; action: string; ledgerId: LedgerId | undefined } {
  const ledger = optionalInteger(row, 'LEDGER_ID');
  return {
    rowId: integer(row, 'ID'),
    action: text(row, 'ACTION'),
    ledgerId: ledger === undefined ? undefined : ledgerId(ledger),
  };
}
