import { type Migration, PatientWrites, type Statement, type Store } from '@chargemesh/base';
import type { RuntimeCore } from '../runtime/runtime-core.ts';
import { encodeVariable } from '../wire/envelope.ts';
import type { JournalAnswer, JournalPosition, JournalRequest, JournalState } from './journal-wire.ts';

/** As many events are kept as a reader may lack; older ones are nobody's concern any more. */
const KEPT_EVENTS = 10_000;
/** What all readers have is deleted so many at a time: each deletion is a commit. */
const DELETED_AT_ONCE = 100;

/** The tables of a journal, as one step in the history of the store that it lies in. */
export function journalMigration(version: number): Migration {
  return {
    version,
    sql: `
      CREATE TABLE journal_epoch (epoch TEXT NOT NULL) STRICT;
      INSERT INTO journal_epoch VALUES (lower(hex(randomblob(8))));
      CREATE TABLE journal (number INTEGER PRIMARY KEY, payload TEXT NOT NULL) STRICT;`,
  };
}

/**
 * Numbers and commits the values of one variable before anyone is told of them, and tells those who missed some. MQTT alone loses what
 * is published while a subscriber is away.
 */
export class Journal {
  readonly #core: RuntimeCore;
  readonly #topic: string;
  readonly #store: Store;
  readonly #epoch: string;
  readonly #insert: Statement;
  readonly #writes: PatientWrites;
  readonly #acknowledged = new Map<string, number>();
  #first: number;
  #last: number;

  /** @param store one with {@link journalMigration} */
  constructor(core: RuntimeCore, topic: string, store: Store) {
    this.#core = core;
    this.#topic = topic;
    this.#store = store;
    this.#writes = new PatientWrites(core.clock, core.log);
    this.#epoch = String(store.prepare('SELECT epoch FROM journal_epoch').get()?.epoch);
    this.#insert = store.prepare('INSERT INTO journal (number, payload) VALUES (?, ?)');
    const range = store.prepare('SELECT min(number) AS first, max(number) AS last FROM journal').get();
    this.#last = Number(range?.last ?? 0);
    this.#first = Number(range?.first ?? 1);
  }

  /** Commits a value that fits the interface, and then publishes it. Where the disk takes nothing it waits, and all that come after it. */
  append(value: unknown): void {
    this.#writes.write(() => this.#append(value));
  }

  /** Resolves when all is committed and published. */
  written(): Promise<void> {
    return this.#writes.written();
  }

  #append(value: unknown): void {
    const number = this.#last + 1;
    this.#insert.run(number, JSON.stringify(value));
    this.#last = number;
    this.#core.outbox.send(this.#topic, encodeVariable(value, { epoch: this.#epoch, number }));
    if (this.#last - this.#first >= KEPT_EVENTS) this.#forget(this.#last - KEPT_EVENTS);
  }

  /** Takes what a reader asks or tells. */
  take(request: JournalRequest): void {
    if ('acknowledged' in request) this.#note(request.origin, request.acknowledged);
    else this.#answer(request.origin, request.after);
  }

  /** Tells readers how far this journal is: they may have missed some. */
  announce(): void {
    const { topics, info, outbox } = this.#core;
    const state: JournalState = { epoch: this.#epoch, last: this.#last };
    outbox.send(topics.journalState(info.id), JSON.stringify(state));
  }

  #answer(reader: string, after: JournalPosition | null): void {
    const { topics, info, outbox } = this.#core;
    const events =
      after?.epoch === this.#epoch
        ? this.#store
            .prepare('SELECT number, payload FROM journal WHERE number > ? ORDER BY number')
            .all(after.number)
            .map(({ number, payload }) => ({ number: Number(number), data: JSON.parse(String(payload)) }))
        : [];
    const answer: JournalAnswer = { epoch: this.#epoch, events, last: this.#last };
    outbox.send(topics.journalAnswer(info.id, reader), JSON.stringify(answer));
  }

  #note(reader: string, { epoch, number }: JournalPosition): void {
    if (epoch !== this.#epoch) return;
    this.#acknowledged.set(reader, Math.max(number, this.#acknowledged.get(reader) ?? 0));
    const taken = Math.min(...this.#acknowledged.values());
    if (taken - this.#first >= DELETED_AT_ONCE) this.#forget(taken);
  }

  /** The newest stays whatever happens: the next number follows from it. */
  #forget(upTo: number): void {
    this.#first = Math.min(upTo + 1, this.#last);
    this.#store.prepare('DELETE FROM journal WHERE number < ?').run(this.#first);
  }
}
