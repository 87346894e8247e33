import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ChargemeshError, type Clock, formatTimestamp, makeFolder, messageOf } from '@chargemesh/base';

/** Who holds a lock, as they wrote it down. */
export interface LockHolder {
  readonly pid: number;
  /** UTC, such as 2026-01-31T12:00:00.000Z. */
  readonly since: string;
}

/**
 * A lock in a state folder that no two processes hold at a time, be they in containers of their own. The operating system gives it
 * back when its process ends, however it ends: SQLite's lock on a file, since Node.js offers no other.
 */
export class FolderLock {
  readonly #database: DatabaseSync;
  readonly #note: string;

  private constructor(database: DatabaseSync, note: string) {
    this.#database = database;
    this.#note = note;
  }

  /**
   * @returns the lock, or who holds it (undefined where they left no note)
   * @throws ChargemeshError `STATE_UNUSABLE` where nothing can be written there
   */
  static acquire(folder: string, name: string, clock: Clock): FolderLock | { readonly holder: LockHolder | undefined } {
    const note = join(folder, `${name}.lock.json`);
    const database = openDatabase(folder, name);
    try {
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch {
      database.close();
      return { holder: readNote(note) };
    }
    const holder: LockHolder = { pid: process.pid, since: formatTimestamp(clock.wallMs()) };
    writeFileSync(note, JSON.stringify(holder));
    return new FolderLock(database, note);
  }

  /** May be called more than once. */
  release(): void {
    if (!this.#database.isOpen) return;
    rmSync(this.#note, { force: true });
    this.#database.close();
  }
}

function openDatabase(folder: string, name: string): DatabaseSync {
  try {
    makeFolder(folder);
    return new DatabaseSync(join(folder, `${name}.lock`));
  } catch (error) {
    throw new ChargemeshError('STATE_UNUSABLE', `the state folder ${folder} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readNote(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
