import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ChargemeshError, messageOf } from '../errors/chargemesh-error.ts';
import { makeFolder } from './make-folder.ts';
import type { Migration, SqlValue, Statement, Store } from './store.ts';
import { syncFolder } from './sync-folder.ts';

/** What to open, and who hears of trouble. */
export interface SqliteStoreOptions {
  /** A file, whose folder is made when it is missing, or `:memory:`. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** Called when the file was unreadable and has been moved aside; the store then starts empty. */
  readonly onCorrupt?: (movedTo: string, reason: string) => void;
}

/**
 * A {@link Store} in an SQLite file: write-ahead log, `synchronous=FULL`, schema versions in `user_version`.
 *
 * @throws ChargemeshError `STORE_TOO_NEW` where the file was written by a later version of this software
 */
export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #depth = 0;

  constructor(options: SqliteStoreOptions) {
    this.#database = openOrMoveAside(options);
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#database.prepare('COMMIT');
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.#database.prepare(sql);
    return {
      run: (...values: SqlValue[]) => {
        const { changes, lastInsertRowid } = statement.run(...values);
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      },
      get: (...values: SqlValue[]) => statement.get(...values) as Record<string, SqlValue> | undefined,
      all: (...values: SqlValue[]) => allRows(statement, values),
    };
  }

  transaction<T>(work: () => T, how: 'durably' | 'lazily' = 'durably'): T {
    if (this.#depth > 0) return work();
    if (how === 'durably') return this.#transaction(work);
    // Not prepared: this pragma does its work when it is compiled.
    this.#database.exec('PRAGMA synchronous=NORMAL');
    try {
      return this.#transaction(work);
    } finally {
      this.#database.exec('PRAGMA synchronous=FULL');
    }
  }

  close(): void {
    this.#database.close();
  }

  #transaction<T>(work: () => T): T {
    this.#begin.run();
    this.#depth++;
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      // A full disk may have undone it already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth--;
    }
  }
}

/** Of many rows the database makes objects five times as slowly as this. */
function allRows(statement: StatementSync, values: readonly SqlValue[]): Record<string, SqlValue>[] {
  const names = statement.columns().map(({ name }) => name);
  statement.setReturnArrays(true);
  try {
    const rows = statement.all(...values) as unknown as SqlValue[][];
    return rows.map((row) => {
      const named: Record<string, SqlValue> = {};
      for (let at = 0; at < names.length; at++) named[names[at] ?? ''] = row[at] ?? null;
      return named;
    });
  } finally {
    statement.setReturnArrays(false);
  }
}

function openOrMoveAside(options: SqliteStoreOptions): DatabaseSync {
  const { path, migrations, onCorrupt } = options;
  if (path !== ':memory:') makeFolder(dirname(path));
  try {
    return open(path, migrations);
  } catch (error) {
    if (error instanceof ChargemeshError || path === ':memory:' || !isCorrupt(error)) throw error;
    const movedTo = freeName(`${path}.corrupt`);
    renameSync(path, movedTo);
    for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, movedTo + suffix);
    onCorrupt?.(movedTo, messageOf(error));
    return open(path, migrations);
  }
}

function open(path: string, migrations: readonly Migration[]): DatabaseSync {
  const isNew = path !== ':memory:' && !existsSync(path);
  const database = new DatabaseSync(path);
  try {
    // A new database has nothing to lose: it is made without waiting for the disk, and then synced as a whole.
    database.exec(`PRAGMA synchronous=${isNew ? 'OFF' : 'FULL'}; PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;`);
    // Pages, 16 MB: what is in the log is moved to its place more seldom, which is when even a lazy commit waits for the disk.
    database.exec('PRAGMA wal_autocheckpoint=4000');
    migrate(database, path, migrations);
    if (isNew) {
      database.exec('PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE);');
      syncFolder(dirname(path));
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest)
    throw new ChargemeshError(
      'STORE_TOO_NEW',
      `${path} has schema version ${version}, this software knows ${newest} at most`,
      {
        details: { path, version, newest },
      },
    );
  for (const migration of migrations) {
    if (migration.version <= version) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration.sql}; PRAGMA user_version=${migration.version}; COMMIT;`);
  }
}

/** SQLITE_CORRUPT 11, SQLITE_NOTADB 26. */
function isCorrupt(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === 11 || (code & 0xff) === 26;
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 1; existsSync(name); count++) name = `${wanted}.${count}`;
  return name;
}
