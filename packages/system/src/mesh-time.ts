import { type Clock, formatTimestamp, type Logger, parseTimestamp } from '@chargemesh/base';
import type { SystemStore } from './system-store.ts';

/** What rounding to seconds and the way over the line make of one and the same time. Below this the clock is left alone. */
const SAME_TIME_MS = 2000;

/** The mesh's wall time, as the CSMS sets it. The machine's own clock is never touched. */
export class MeshTime {
  readonly #clock: Clock;
  readonly #store: SystemStore;
  readonly #log: Logger;

  constructor(clock: Clock, store: SystemStore, log: Logger) {
    this.#clock = clock;
    this.#store = store;
    this.#log = log;
  }

  /** Goes on with the offset of the last run, until a CSMS says better. */
  restore(): void {
    const deltaMs = this.#store.clockOffsetMs - this.#clock.wallOffsetMs();
    if (deltaMs !== 0) this.#clock.setWall(this.#clock.wallMs() + deltaMs);
  }

  /** @returns whether the timestamp could be read, and the mesh now goes by it */
  set(timestamp: string): boolean {
    const epochMs = parseTimestamp(timestamp);
    if (epochMs === undefined) {
      this.#log.warn(`the time was not set: ${timestamp} is no timestamp`);
      return false;
    }
    const deltaMs = epochMs - this.#clock.wallMs();
    if (Math.abs(deltaMs) < SAME_TIME_MS) return true;
    this.#clock.setWall(epochMs);
    this.#store.clockOffsetMs = this.#clock.wallOffsetMs();
    this.#log.info(`the time was set to ${formatTimestamp(epochMs)}`, { deltaMs });
    return true;
  }
}
