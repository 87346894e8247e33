import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JournaledEvent, Witness } from '../world.ts';

/** Reads what EVSEs have committed from their journals on disk, beside those who write there. */
export class DiskWitness implements Witness {
  readonly #state: string;
  readonly #evses: readonly string[];

  /** @param state the state folder of the mesh @param evses the ids of its EvseManagers */
  constructor(state: string, evses: readonly string[]) {
    this.#state = state;
    this.#evses = evses;
  }

  events(): readonly JournaledEvent[] {
    return this.#evses.flatMap((moduleId) => readJournal(join(this.#state, moduleId, 'evse.db'), moduleId));
  }
}

function readJournal(path: string, moduleId: string): JournaledEvent[] {
  if (!existsSync(path)) return [];
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare('SELECT number, payload FROM journal ORDER BY number').all();
      return rows.map(({ number, payload }) => ({
        moduleId,
        number: Number(number),
        event: JSON.parse(String(payload)),
      }));
    } finally {
      database.close();
    }
  } catch {
    // It is just made, or about to be opened again: whoever asks looks again.
    return [];
  }
}
