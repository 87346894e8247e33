import type { Migration, Statement, Store } from '@chargemesh/base';
import type { Phases } from './charging-current.ts';

/** What an energy meter has counted, in watt hours by phase. */
export interface MeterRegister {
  readonly importWh: Phases;
  readonly exportWh: Phases;
}

/** Where a meter keeps its register. */
export interface MeterMemory {
  load(): MeterRegister | undefined;
  save(register: MeterRegister): void;
}

/** The schema of {@link StoredMeterMemory}. */
export const meterMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE register (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      import_l1 REAL NOT NULL, import_l2 REAL NOT NULL, import_l3 REAL NOT NULL,
      export_l1 REAL NOT NULL, export_l2 REAL NOT NULL, export_l3 REAL NOT NULL
    )`,
  },
];

/**
 * A meter's register on disk. It is written with each reading while energy flows and survives the end of the process, not a power cut: a
 * simulated meter need not wear out the disk.
 */
export class StoredMeterMemory implements MeterMemory {
  readonly #store: Store;
  readonly #save: Statement;

  constructor(store: Store) {
    store.exec('PRAGMA synchronous=NORMAL');
    // Nobody else opens it: a reading then costs a write, and no locks.
    store.exec('PRAGMA locking_mode=EXCLUSIVE');
    this.#store = store;
    this.#save = store.prepare('INSERT OR REPLACE INTO register VALUES (1, ?, ?, ?, ?, ?, ?)');
  }

  load(): MeterRegister | undefined {
    const row = this.#store.prepare('SELECT * FROM register WHERE id = 1').get();
    if (!row) return undefined;
    const phases = (kind: 'import' | 'export'): Phases => [
      Number(row[`${kind}_l1`]),
      Number(row[`${kind}_l2`]),
      Number(row[`${kind}_l3`]),
    ];
    return { importWh: phases('import'), exportWh: phases('export') };
  }

  save({ importWh, exportWh }: MeterRegister): void {
    this.#save.run(...importWh, ...exportWh);
  }
}
