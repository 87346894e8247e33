import type { Migration, Store } from '@chargemesh/base';

/** The table of a {@link RunMemory}, as one step in the history of the store that it lies in. */
export function runMemoryMigration(version: number, table: string): Migration {
  return {
    version,
    sql: `CREATE TABLE ${table} (id INTEGER PRIMARY KEY CHECK (id = 1), run TEXT NOT NULL, content TEXT NOT NULL)`,
  };
}

/**
 * One value that a module must not forget when it is started anew alone. Bound to one run of the mesh: when the whole station was off, what was
 * known before holds no more.
 */
export class RunMemory<T> {
  readonly #store: Store;
  readonly #table: string;
  readonly #run: string | undefined;
  #saved = '';

  /**
   * @param store one with {@link runMemoryMigration} for this table
   * @param run the same for all modules of a mesh from its start to its end; undefined where nobody says so, and then nothing is remembered
   */
  constructor(store: Store, table: string, run: string | undefined) {
    this.#store = store;
    this.#table = table;
    this.#run = run;
  }

  save(value: T): void {
    if (this.#run === undefined) return;
    const content = JSON.stringify(value);
    if (content === this.#saved) return;
    this.#store
      .prepare(`INSERT OR REPLACE INTO ${this.#table} (id, run, content) VALUES (1, ?, ?)`)
      .run(this.#run, content);
    this.#saved = content;
  }

  /** What this run of the mesh knew last. */
  load(): T | undefined {
    if (this.#run === undefined) return undefined;
    const row = this.#store.prepare(`SELECT content FROM ${this.#table} WHERE run = ?`).get(this.#run);
    // Written by the same run, and so by this very code.
    return typeof row?.content === 'string' ? (JSON.parse(row.content) as T) : undefined;
  }
}
