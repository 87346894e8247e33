import {
  type Clock,
  formatTimestamp,
  type Logger,
  type Migration,
  messageOf,
  type PatientWrites,
  type Store,
} from '@chargemesh/base';

/** The module's own memory of the transaction that is open. */
export const transactionMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE open_transaction (
      session_id TEXT PRIMARY KEY,
      started_at TEXT NOT NULL
    ) STRICT`,
  },
];

/** The key-value store of the mesh, where one is connected. Each call may reject. */
export interface KeyValuePort {
  load(key: string): Promise<unknown>;
  store(key: string, value: string): Promise<void>;
}

/**
 * Remembers the open transaction over a loss of power: in the module's own database, and in the mesh's key-value store where there is
 * one, since other modules may look there.
 */
export class TransactionMemory {
  readonly #key: string;
  readonly #store: Store;
  readonly #keyValue: KeyValuePort | undefined;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #writes: PatientWrites;

  constructor(
    moduleId: string,
    ports: {
      store: Store;
      writes: PatientWrites;
      keyValue: KeyValuePort | undefined;
      clock: Clock;
      log: Logger;
    },
  ) {
    this.#key = `${moduleId}_session`;
    this.#store = ports.store;
    this.#keyValue = ports.keyValue;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#writes = ports.writes;
  }

  /** The session ids of transactions that were open when the module ended. */
  async unfinished(): Promise<readonly string[]> {
    const own = this.#store
      .prepare('SELECT session_id FROM open_transaction ORDER BY started_at')
      .all()
      .map((row) => String(row.session_id));
    const kept = await this.#loadKept();
    return kept === undefined || own.includes(kept) ? own : [...own, kept];
  }

  /** Resolves when the transaction will be found again: a disk that takes nothing is waited for. */
  async remember(sessionId: string): Promise<void> {
    const startedAt = formatTimestamp(this.#clock.wallMs());
    this.#writes.write(() =>
      this.#store
        .prepare('INSERT OR REPLACE INTO open_transaction (session_id, started_at) VALUES (?, ?)')
        .run(sessionId, startedAt),
    );
    await this.#writes.written();
    await this.#keep(sessionId);
  }

  async forget(): Promise<void> {
    this.#writes.write(() => this.#store.prepare('DELETE FROM open_transaction').run());
    await this.#keep('');
  }

  async #loadKept(): Promise<string | undefined> {
    try {
      const kept = await this.#keyValue?.load(this.#key);
      return typeof kept === 'string' && kept !== '' ? kept : undefined;
    } catch (error) {
      this.#log.warn(`the key-value store did not give ${this.#key}: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #keep(value: string): Promise<void> {
    try {
      await this.#keyValue?.store(this.#key, value);
    } catch (error) {
      this.#log.warn(`the key-value store did not take ${this.#key}: ${messageOf(error)}`);
    }
  }
}
