import type { SqlValue, Statement, Store } from '@chargemesh/base';

/** A store that says when it commits, and can fail at a chosen write. */
export class WatchedStore implements Store {
  readonly #store: Store;
  readonly #committed: (statements: readonly string[], how: 'durably' | 'lazily') => void;
  #depth = 0;
  #pending: string[] = [];
  /** Counts writes down; the one at which it reaches 0 fails. */
  failAfter: number = Number.POSITIVE_INFINITY;

  constructor(store: Store, committed: (statements: readonly string[], how: 'durably' | 'lazily') => void) {
    this.#store = store;
    this.#committed = committed;
  }

  exec(sql: string): void {
    this.#store.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.#store.prepare(sql);
    return {
      run: (...values: SqlValue[]) => {
        if (--this.failAfter === 0) throw new Error('disk full');
        const result = statement.run(...values);
        this.#wrote(sql);
        return result;
      },
      get: (...values: SqlValue[]) => statement.get(...values),
      all: (...values: SqlValue[]) => statement.all(...values),
    };
  }

  transaction<T>(work: () => T, how: 'durably' | 'lazily' = 'durably'): T {
    this.#depth++;
    try {
      const result = this.#store.transaction(work, how);
      if (this.#depth === 1) this.#commit(how);
      return result;
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#pending = [];
    }
  }

  close(): void {
    this.#store.close();
  }

  #wrote(sql: string): void {
    this.#pending.push(sql.trim().split(/\s+/).slice(0, 3).join(' '));
    if (this.#depth === 0) this.#commit('durably');
  }

  #commit(how: 'durably' | 'lazily'): void {
    const statements = this.#pending;
    this.#pending = [];
    if (statements.length > 0) this.#committed(statements, how);
  }
}
