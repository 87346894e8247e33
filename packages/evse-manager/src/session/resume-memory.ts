import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Clock, Migration, PatientWrites, Store, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { SavedSession } from './session.ts';

/** How often a sign of life is left while a transaction is open. */
const MARK_PERIOD_MS = 1_000;

/** What an EVSE remembers of itself from one start of its module to the next, under one run of the manager. */
export interface Remembered {
  readonly session?: SavedSession | undefined;
  readonly pauseRequested?: boolean;
  /** The word from outside that charging may begin has come. */
  readonly externalReady?: boolean;
  /** Who wanted the EVSE or its connector in service or out of it. */
  readonly enable?: readonly {
    readonly connectorId: number;
    readonly source: types.evse_manager.EnableDisableSource;
  }[];
}

/** The last sign of life of an EVSE with an open transaction. */
export interface LifeMark {
  /** The machine's wall clock, in ms since the epoch. */
  readonly atMs: number;
  /** What was granted last, with the seconds that were left of it then. */
  readonly limits?: types.energy.EnforcedLimits | undefined;
}

/** The table, as one step in the history of the EVSE's store. */
export function resumeMigration(version: number): Migration {
  return { version, sql: 'CREATE TABLE remembered (run TEXT NOT NULL, value TEXT NOT NULL) STRICT' };
}

/**
 * Remembers what goes on at an EVSE over a death of its module alone. What another run of the manager left is no concern of this one: then
 * the whole station was without power.
 */
export class ResumeMemory {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #run: string | undefined;
  readonly #markFile: string | undefined;
  readonly #writes: PatientWrites;
  #remembered: Remembered = {};
  #mark: Timer | undefined;
  #markFd: number | undefined;
  #markLength = 0;

  /**
   * @param run of the manager; undefined where nobody says so, and then nothing is remembered
   * @param markFile where signs of life are left: a file that survives the process, not the power
   */
  constructor(ports: {
    store: Store;
    clock: Clock;
    writes: PatientWrites;
    run: string | undefined;
    markFile: string | undefined;
  }) {
    this.#store = ports.store;
    this.#clock = ports.clock;
    this.#run = ports.run;
    this.#markFile = ports.markFile;
    this.#writes = ports.writes;
  }

  /** What was remembered under this run. */
  load(): Remembered | undefined {
    const row = this.#store.prepare('SELECT run, value FROM remembered').get();
    if (row === undefined || this.#run === undefined || row.run !== this.#run) return undefined;
    this.#remembered = JSON.parse(String(row.value));
    return this.#remembered;
  }

  /** Remembers this beside what is remembered. */
  save(change: Partial<Remembered>): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#remembered = { ...this.#remembered, ...change };
    this.#writes.write(() => this.#save(run));
  }

  #save(run: string): void {
    this.#store.transaction(() => {
      this.#store.exec('DELETE FROM remembered');
      this.#store
        .prepare('INSERT INTO remembered (run, value) VALUES (?, ?)')
        .run(run, JSON.stringify(this.#remembered));
    });
  }

  /** Leaves signs of life from now on, or no more. */
  mark(on: boolean, limits: () => types.energy.EnforcedLimits | undefined): void {
    if (on === (this.#mark !== undefined) || this.#markFile === undefined || this.#run === undefined) return;
    this.dispose();
    if (!on) return;
    this.#markFd = openSync(this.#markFile, 'w');
    this.#markLength = 0;
    const write = (): void => this.#write({ atMs: this.#machineMs(), limits: limits() });
    write();
    this.#mark = this.#clock.setPeriodic(MARK_PERIOD_MS, write);
  }

  /** The last sign of life, and how long ago it was. */
  lastMark(): (LifeMark & { readonly agoMs: number }) | undefined {
    if (this.#markFile === undefined) return undefined;
    try {
      const mark: LifeMark = JSON.parse(readFileSync(this.#markFile, 'utf8'));
      return { ...mark, agoMs: Math.max(0, this.#machineMs() - mark.atMs) };
    } catch {
      return undefined;
    }
  }

  dispose(): void {
    this.#mark?.cancel();
    this.#mark = undefined;
    if (this.#markFd !== undefined) closeSync(this.#markFd);
    this.#markFd = undefined;
  }

  /** Over the last one, in the file that stays open: a word each second must not cost more than a write. */
  #write(mark: LifeMark): void {
    if (this.#markFd === undefined) return;
    const text = JSON.stringify(mark).padEnd(this.#markLength);
    writeSync(this.#markFd, text, 0);
    this.#markLength = text.length;
  }

  /** The wall clock that the mesh does not move. */
  #machineMs(): number {
    return this.#clock.wallMs() - this.#clock.wallOffsetMs();
  }
}
