/** What can be bound to a statement and read from a column. `undefined` cannot be bound: write `null`. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** A row as the database gives it: column names to values. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A prepared statement. Prepare once, use often: preparing costs more than running. */
export interface Statement {
  /** Runs it for its effect. */
  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number };
  /** The first row, or undefined. */
  get(...values: SqlValue[]): Row | undefined;
  /** All rows. */
  all(...values: SqlValue[]): Row[];
}

/**
 * A small relational store with durable commits: when {@link transaction} or a lone {@link Statement.run} returns, a power cut loses
 * nothing of it. One process owns a store.
 */
export interface Store {
  /** Runs statements separated by semicolons, without values. */
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /**
   * Runs `work` in one transaction: all of it is committed, or, when it throws, none. Nested calls join the outer one.
   * @param how `lazily`: does not wait for the disk. A power cut may undo it as long as nothing was committed after it; the end of the
   * process does not. For what may as well be done again.
   */
  transaction<T>(work: () => T, how?: 'durably' | 'lazily'): T;
  close(): void;
}

/** One step of a schema's history: SQL that takes a database from the version before it to its own. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly sql: string;
}
