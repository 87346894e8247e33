import { ChargemeshError, type Row, type SqlValue, type Statement, type Store } from '@chargemesh/base';
import type { StorePlace } from '@chargemesh/framework';

/** A statement that changes something, with its values. */
export interface Write {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Who looks on at a {@link WatchedStore}. What it throws happens to the module. */
export interface StoreWatcher {
  /** Nothing of this is on disk yet: where this throws, nothing of it will be. */
  committing(place: StorePlace, writes: readonly Write[]): void;
  /** All of this is on disk. */
  committed(place: StorePlace, writes: readonly Write[]): void;
  /** Rows were read. */
  read(place: StorePlace, sql: string, rows: readonly Row[]): void;
}

/** The module that does this is dead: nobody will ever hear of it. */
export class ModuleGone extends ChargemeshError {
  override readonly name: string = 'ModuleGone';

  constructor(moduleId: string) {
    super('SCENARIO_MODULE_GONE', `module ${moduleId} is dead`);
  }
}

/** Stands between a module and a database of its own: says each commit before and after, so that either can fail. */
export class WatchedStore implements Store {
  readonly #store: Store;
  readonly #place: StorePlace;
  readonly #watcher: StoreWatcher;
  /** What the transaction under way has changed. */
  #writes: Write[] | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(store: Store, place: StorePlace, watcher: StoreWatcher) {
    this.#store = store;
    this.#place = place;
    this.#watcher = watcher;
  }

  exec(sql: string): void {
    this.#mustBeOpen();
    this.#writes?.push({ sql, values: [] });
    this.#store.exec(sql);
  }

  prepare(sql: string): Statement {
    this.#mustBeOpen();
    const statement = this.#store.prepare(sql);
    const read = <T>(get: () => T, rows: (result: T) => readonly Row[]): T => {
      this.#mustBeOpen();
      const result = get();
      this.#watcher.read(this.#place, sql, rows(result));
      return result;
    };
    return {
      run: (...values: SqlValue[]) => this.#write({ sql, values }, () => statement.run(...values)),
      get: (...values: SqlValue[]) =>
        read(
          () => statement.get(...values),
          (row) => (row ? [row] : []),
        ),
      all: (...values: SqlValue[]) =>
        read(
          () => statement.all(...values),
          (rows) => rows,
        ),
    };
  }

  transaction<T>(work: () => T): T {
    if (this.#writes) return work();
    this.#mustBeOpen();
    const writes: Write[] = [];
    this.#writes = writes;
    try {
      const result = this.#store.transaction(() => {
        const worked = work();
        if (writes.length > 0) this.#watcher.committing(this.#place, writes);
        return worked;
      });
      if (writes.length > 0) this.#watcher.committed(this.#place, writes);
      return result;
    } finally {
      this.#writes = undefined;
      if (this.#state === 'closing') this.close();
    }
  }

  /** Who dies in the middle of a commit closes after it is undone. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = this.#writes ? 'closing' : 'closed';
    if (this.#state === 'closed') this.#store.close();
  }

  #write<T>(write: Write, work: () => T): T {
    this.#mustBeOpen();
    if (this.#writes) {
      this.#writes.push(write);
      return work();
    }
    return this.transaction(() => {
      this.#writes?.push(write);
      return work();
    });
  }

  #mustBeOpen(): void {
    if (this.#state !== 'open') throw new ModuleGone(this.#place.moduleId);
  }
}
