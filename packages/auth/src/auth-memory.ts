import type { Migration, Store } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type JournalPosition, RunMemory, runMemoryMigration } from '@chargemesh/framework';
import type { Auth } from './auth.ts';
import type { ConnectorState } from './connector-state.ts';
import type { Evse, Identifier } from './evse.ts';

interface EvseMemory {
  readonly id: number;
  readonly identifier: Identifier | null;
  readonly pluggedIn: boolean;
  readonly replugNeeded: boolean;
  readonly transactionActive: boolean;
  readonly connectors: readonly { readonly id: number; readonly state: ConnectorState }[];
}

interface Snapshot {
  readonly connectionTimeoutS: number;
  readonly masterPassGroupId: string | null;
  readonly evses: readonly EvseMemory[];
  readonly queue: readonly number[];
  readonly reservations: readonly types.reservation.Reservation[];
  /** EVSEs that are kept for somebody, whoever it may be. */
  readonly told: readonly number[];
  /** How far the journal of each EVSE's module was read. */
  readonly read: Readonly<Record<string, JournalPosition>>;
}

const TABLE = 'snapshot';

/** The database of {@link AuthMemory}. */
export const memoryMigrations: readonly Migration[] = [runMemoryMigration(1, TABLE)];

/**
 * What authorization must not forget when its module alone is started anew: who charges where, who may, what is reserved, and what
 * commands have set. Bound to one run of the mesh: a station that was off begins with nothing.
 */
export class AuthMemory {
  readonly #memory: RunMemory<Snapshot>;
  #read: Snapshot['read'];

  /** @param run the same for all modules of a mesh from its start to its end */
  constructor(store: Store, run: string) {
    this.#memory = new RunMemory(store, TABLE, run);
    this.#read = this.#memory.load()?.read ?? {};
  }

  /** How far the journal of an EVSE's module was read under this run. */
  position(moduleId: string): JournalPosition | undefined {
    return this.#read[moduleId];
  }

  /** An event of a journal is taken: its place is kept with what follows from it. */
  noteRead(moduleId: string, position: JournalPosition): void {
    this.#read = { ...this.#read, [moduleId]: position };
  }

  save(auth: Auth): void {
    const { settings, evses, queue, reservations } = auth;
    this.#memory.save({
      connectionTimeoutS: settings.connectionTimeoutS,
      masterPassGroupId: settings.masterPassGroupId ?? null,
      evses: evses.all.map(remember),
      queue: queue.order,
      reservations: reservations.book.all,
      told: reservations.told,
      read: this.#read,
    });
  }

  /** Brings back what this run of the mesh knew before. @returns whether there was anything */
  restore(auth: Auth): boolean {
    const snapshot = this.#memory.load();
    if (!snapshot) return false;
    auth.settings.connectionTimeoutS = snapshot.connectionTimeoutS;
    auth.settings.masterPassGroupId = snapshot.masterPassGroupId ?? undefined;
    for (const memory of snapshot.evses) {
      const evse = auth.evses.find(memory.id);
      if (evse) recall(auth, evse, memory);
    }
    for (const id of snapshot.queue) auth.queue.add(id);
    auth.reservations.resume(snapshot.reservations, snapshot.told);
    return true;
  }
}

function remember(evse: Evse): EvseMemory {
  return {
    id: evse.id,
    identifier: evse.identifier ?? null,
    pluggedIn: evse.pluggedIn,
    replugNeeded: evse.replugNeeded,
    transactionActive: evse.transactionActive,
    connectors: evse.connectors.map(({ id, state }) => ({ id, state })),
  };
}

function recall(auth: Auth, evse: Evse, memory: EvseMemory): void {
  evse.pluggedIn = memory.pluggedIn;
  evse.replugNeeded = memory.replugNeeded;
  evse.transactionActive = memory.transactionActive;
  for (const connector of evse.connectors)
    connector.state = memory.connectors.find(({ id }) => id === connector.id)?.state ?? connector.state;
  if (!memory.identifier) return;
  evse.identifier = memory.identifier;
  // How long the car has been awaited is not known: it gets the whole time anew.
  if (!memory.transactionActive) auth.authorizations.awaitCar(evse, memory.identifier);
}
