import type { Migration, Store } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type ExternalLimits = types.energy.ExternalLimits;

/** The database of {@link LimitsMemory}. */
export const memoryMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: 'CREATE TABLE external_limits (id INTEGER PRIMARY KEY CHECK (id = 1), run TEXT NOT NULL, content TEXT NOT NULL)',
  },
];

/**
 * Keeps the limits from outside for a node that is started anew alone: until whoever set them says them again, the fuse alone would
 * be too much. Bound to one run of the mesh, since a station that was off begins without them.
 */
export class LimitsMemory {
  readonly #store: Store;
  readonly #run: string;

  /** @param run the same for all modules of a mesh from its start to its end */
  constructor(store: Store, run: string) {
    this.#store = store;
    this.#run = run;
  }

  save(limits: ExternalLimits): void {
    this.#store
      .prepare('INSERT OR REPLACE INTO external_limits (id, run, content) VALUES (1, ?, ?)')
      .run(this.#run, JSON.stringify(limits));
  }

  /** What this run of the mesh was told last. */
  load(): ExternalLimits | undefined {
    const row = this.#store.prepare('SELECT content FROM external_limits WHERE run = ?').get(this.#run);
    // Written by the same run, after the contract had let it in.
    return typeof row?.content === 'string' ? (JSON.parse(row.content) as ExternalLimits) : undefined;
  }
}
