import type { Migration, Store } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { UpdatePhase } from './firmware/unsigned-update.ts';

type BootReason = types.system.BootReason;

/** The schema of {@link SystemStore}. */
export const systemMigrations: readonly Migration[] = [
  { version: 1, sql: 'CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)' },
];

const bootReasons: readonly BootReason[] = [
  'ApplicationReset',
  'FirmwareUpdate',
  'LocalReset',
  'PowerUp',
  'RemoteReset',
  'ScheduledReset',
  'Triggered',
  'Unknown',
  'Watchdog',
];

const updatePhases: readonly UpdatePhase[] = ['downloading', 'installing'];

/** What the station has to know after it was started again. */
export class SystemStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Why the station is about to be started again, or was. */
  get bootReason(): BootReason | undefined {
    const written = this.#read('boot_reason');
    return bootReasons.find((reason) => reason === written);
  }

  set bootReason(reason: BootReason | undefined) {
    this.#write('boot_reason', reason);
  }

  /** How far the mesh's wall clock stands from the machine's, in milliseconds. */
  get clockOffsetMs(): number {
    const offsetMs = Number(this.#read('clock_offset_ms') ?? 0);
    return Number.isFinite(offsetMs) ? offsetMs : 0;
  }

  set clockOffsetMs(offsetMs: number) {
    this.#write('clock_offset_ms', String(offsetMs));
  }

  /** What a firmware update was about when the module ended. */
  get updatePhase(): UpdatePhase | undefined {
    const written = this.#read('update_phase');
    return updatePhases.find((phase) => phase === written);
  }

  set updatePhase(phase: UpdatePhase | undefined) {
    this.#write('update_phase', phase);
  }

  #read(name: string): string | undefined {
    const row = this.#store.prepare('SELECT value FROM facts WHERE name = ?').get(name);
    return row && String(row.value);
  }

  #write(name: string, value: string | undefined): void {
    if (value === undefined) this.#store.prepare('DELETE FROM facts WHERE name = ?').run(name);
    else this.#store.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(name, value);
  }
}
