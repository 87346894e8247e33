import type { Statement, Store } from '@chargemesh/base';
import { integer, text } from '../persistence/columns.ts';
import type { CallOutcome } from '../rpc/outcome.ts';

/** Told what has become of a message. @param tookMs from its sending to its answer; left out where it was not sent */
export type OnOutcome = (outcome: CallOutcome, tookMs?: number) => void;

/** A message that may be lost: the next one of its kind makes up for it. */
export interface NormalMessage {
  readonly action: string;
  readonly payloadText: string;
  readonly sequence: number;
  /** Asked for by the CSMS: goes out before registration too (C-66). */
  readonly triggered: boolean;
  readonly onOutcome: OnOutcome | undefined;
  /** Its row, where QueueAllMessages keeps it on disk. */
  readonly rowId: number | undefined;
  attempts: number;
  dueMs: number;
}

/** The normal-class messages in memory, and on disk where QueueAllMessages wants it (C-61). */
export class NormalQueue {
  readonly #store: Store;
  readonly #insert: Statement;
  readonly #attempts: Statement;
  readonly #delete: Statement;
  #messages: NormalMessage[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.#insert = store.prepare('INSERT INTO NORMAL_QUEUE (ACTION, PAYLOAD) VALUES (?, ?)');
    this.#attempts = store.prepare('UPDATE NORMAL_QUEUE SET ATTEMPTS = ? WHERE ID = ?');
    this.#delete = store.prepare('DELETE FROM NORMAL_QUEUE WHERE ID = ?');
  }

  get length(): number {
    return this.#messages.length;
  }

  /** Brings in what an earlier run left, or forgets it where `keep` is false (C-69). */
  load(keep: boolean, nextSequence: () => number): void {
    if (!keep) {
      this.#store.exec('DELETE FROM NORMAL_QUEUE');
      return;
    }
    const rows = this.#store.prepare('SELECT ID, ACTION, PAYLOAD, ATTEMPTS FROM NORMAL_QUEUE ORDER BY ID').all();
    this.#messages = rows.map((row) => ({
      action: text(row, 'ACTION'),
      payloadText: text(row, 'PAYLOAD'),
      sequence: nextSequence(),
      triggered: false,
      onOutcome: undefined,
      rowId: integer(row, 'ID'),
      attempts: integer(row, 'ATTEMPTS'),
      dueMs: 0,
    }));
  }

  /** @param keep on disk, so that it outlives the process */
  add(message: Omit<NormalMessage, 'rowId' | 'attempts' | 'dueMs'>, keep: boolean): void {
    const rowId = keep ? this.#insert.run(message.action, message.payloadText).lastInsertRowid : undefined;
    this.#messages.push({ ...message, rowId, attempts: 0, dueMs: 0 });
  }

  has(message: NormalMessage): boolean {
    return this.#messages.includes(message);
  }

  /** The oldest message that may go out. */
  first(mayGo: (message: NormalMessage) => boolean): NormalMessage | undefined {
    return this.#messages.find(mayGo);
  }

  /** When the first of them may go. Infinite where there is none. */
  nextDueMs(): number {
    return Math.min(...this.#messages.map(({ dueMs }) => dueMs));
  }

  countAttempt(message: NormalMessage, dueMs: number): void {
    message.attempts++;
    message.dueMs = dueMs;
    if (message.rowId !== undefined) this.#attempts.run(message.attempts, message.rowId);
  }

  remove(message: NormalMessage): void {
    this.#messages = this.#messages.filter((candidate) => candidate !== message);
    if (message.rowId !== undefined) this.#delete.run(message.rowId);
  }

  /** Takes out all messages for which `unwanted` holds and tells their senders. @returns how many */
  drop(unwanted: (message: NormalMessage, index: number) => boolean, outcome: CallOutcome): number {
    const gone = this.#messages.filter(unwanted);
    for (const message of gone) this.remove(message);
    for (const message of gone) message.onOutcome?.(outcome);
    return gone.length;
  }
}
