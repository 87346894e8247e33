import type { Migration, Store } from '@chargemesh/base';
import type { JournalPosition } from '@chargemesh/framework';

/** How far the journals of the EVSEs were read. */
export const journalPositionMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE journal_position (
      module_id TEXT PRIMARY KEY,
      epoch TEXT NOT NULL,
      number INTEGER NOT NULL
    ) STRICT`,
  },
];

/** Remembers how far the journal of each EVSE was taken into the ledger: what comes after it is asked for again. */
export class JournalPositions {
  readonly #store: Store;

  /** @param store one with {@link journalPositionMigrations} */
  constructor(store: Store) {
    this.#store = store;
  }

  of(moduleId: string): JournalPosition | undefined {
    const row = this.#store.prepare('SELECT epoch, number FROM journal_position WHERE module_id = ?').get(moduleId);
    return row && { epoch: String(row.epoch), number: Number(row.number) };
  }

  /** To be called once all that followed from the value there is committed. */
  set(moduleId: string, { epoch, number }: JournalPosition): void {
    this.#store
      .prepare('INSERT OR REPLACE INTO journal_position (module_id, epoch, number) VALUES (?, ?, ?)')
      .run(moduleId, epoch, number);
  }
}
