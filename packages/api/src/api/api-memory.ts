import type { Migration, Store } from '@chargemesh/base';
import { type JournalPosition, RunMemory, runMemoryMigration } from '@chargemesh/framework';
import type { SessionInfo, SessionMemory } from './session-info.ts';

interface Snapshot {
  /** By the id of the EVSE's module. */
  readonly sessions: Readonly<Record<string, SessionMemory>>;
  /** How far the journal of each EVSE's module was read. */
  readonly read: Readonly<Record<string, JournalPosition>>;
}

const TABLE = 'snapshot';

/** The database of {@link ApiMemory}. */
export const memoryMigrations: readonly Migration[] = [runMemoryMigration(1, TABLE)];

/** What the sessions are at, for when this module alone is started anew. Bound to one run of the mesh. */
export class ApiMemory {
  readonly #memory: RunMemory<Snapshot>;
  #read: Snapshot['read'];
  #sessions: Snapshot['sessions'];

  /** @param run the same for all modules of a mesh from its start to its end; undefined: nothing is remembered */
  constructor(store: Store, run: string | undefined) {
    this.#memory = new RunMemory(store, TABLE, run);
    const snapshot = this.#memory.load();
    this.#read = snapshot?.read ?? {};
    this.#sessions = snapshot?.sessions ?? {};
  }

  recall(moduleId: string, session: SessionInfo): void {
    const memory = this.#sessions[moduleId];
    if (memory) session.recall(memory);
  }

  position(moduleId: string): JournalPosition | undefined {
    return this.#read[moduleId];
  }

  /** @param position of the event that the session has taken last; undefined where its module keeps no journal */
  save(moduleId: string, session: SessionInfo, position: JournalPosition | undefined): void {
    this.#sessions = { ...this.#sessions, [moduleId]: session.memory };
    if (position) this.#read = { ...this.#read, [moduleId]: position };
    this.#memory.save({ sessions: this.#sessions, read: this.#read });
  }
}
