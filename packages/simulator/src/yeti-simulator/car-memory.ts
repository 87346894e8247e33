import type { Migration, Store } from '@chargemesh/base';
import type { PluggedCar } from './board.ts';

/** The table, as one step in the history of the board's store. */
export function carMigration(version: number): Migration {
  return {
    version,
    sql: 'CREATE TABLE car (id INTEGER PRIMARY KEY CHECK (id = 1), run TEXT NOT NULL, content TEXT NOT NULL)',
  };
}

/**
 * The simulated car at the plug, for a board that is started anew alone: a real one would still stand there. Bound to one run of the mesh,
 * since a new start of everything begins without a car.
 */
export class CarMemory {
  readonly #store: Store;
  readonly #run: string | undefined;

  /** @param run undefined where nobody says so, and then nothing is remembered */
  constructor(store: Store, run: string | undefined) {
    this.#store = store;
    this.#run = run;
  }

  save(car: PluggedCar): void {
    if (this.#run === undefined) return;
    this.#store
      .prepare('INSERT OR REPLACE INTO car (id, run, content) VALUES (1, ?, ?)')
      .run(this.#run, JSON.stringify(car));
  }

  load(): PluggedCar | undefined {
    if (this.#run === undefined) return undefined;
    const row = this.#store.prepare('SELECT content FROM car WHERE run = ?').get(this.#run);
    // Written by the same run, and so by this very code.
    return typeof row?.content === 'string' ? (JSON.parse(row.content) as PluggedCar) : undefined;
  }
}
