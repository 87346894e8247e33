import type { SqlValue, Statement, Store } from '@chargemesh/base';

/** A store of which one write fails, the one that was chosen. */
export class FaultyStore implements Store {
  readonly #store: Store;
  #fails: (sql: string) => boolean = () => false;
  #told: () => void = () => {};

  constructor(store: Store) {
    this.#store = store;
  }

  /** Lets the next write fail for which `fails` holds. @param told called when it does */
  arm(fails: (sql: string) => boolean, told: () => void = () => {}): void {
    this.#fails = fails;
    this.#told = told;
  }

  /** Lets the write fail that comes as the `count`-th from now. */
  armAt(count: number, told?: () => void): void {
    let left = count;
    this.arm(() => --left === 0, told);
  }

  /** All writes succeed again. */
  disarm(): void {
    this.#fails = () => false;
  }

  exec(sql: string): void {
    this.#store.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.#store.prepare(sql);
    return {
      run: (...values: SqlValue[]) => {
        if (this.#fails(sql)) {
          this.disarm();
          this.#told();
          throw new Error('disk full');
        }
        return statement.run(...values);
      },
      get: (...values: SqlValue[]) => statement.get(...values),
      all: (...values: SqlValue[]) => statement.all(...values),
    };
  }

  transaction<T>(work: () => T, how?: 'durably' | 'lazily'): T {
    return this.#store.transaction(work, how);
  }

  close(): void {
    this.#store.close();
  }
}
