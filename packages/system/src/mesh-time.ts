import { type Clock, formatTimestamp, type Logger, messageOf, parseTimestamp } from '@chargemesh/base';
import type { SystemStore } from './system-store.ts';

/** What rounding to seconds and the way over the line make of one and the same time. Below this the clock is left alone. */
const SAME_TIME_MS = 2000;

/** Sets the clock of the machine. @throws where it did not */
export type MachineClock = (timestamp: string) => Promise<void>;

/**
 * The mesh's wall time, as the CSMS sets it: an offset to the machine's clock. The machine's own clock is touched only where the operator has named
 * a program that sets it; then the offset goes.
 */
export class MeshTime {
  readonly #clock: Clock;
  readonly #store: SystemStore;
  readonly #log: Logger;
  readonly #machine: MachineClock | undefined;
  #isBeingSet = false;
  /** The time that the mesh was last set to, and when. */
  #newest = { epochMs: 0, atMs: 0 };

  constructor(clock: Clock, store: SystemStore, log: Logger, machine?: MachineClock) {
    this.#clock = clock;
    this.#store = store;
    this.#log = log;
    this.#machine = machine;
  }

  /** Goes on with the offset of the last run, until a CSMS says better. */
  restore(): void {
    this.#clock.setWallOffset(this.#store.clockOffsetMs);
  }

  /** @returns whether the timestamp could be read, and the mesh now goes by it */
  set(timestamp: string): boolean {
    const epochMs = parseTimestamp(timestamp);
    if (epochMs === undefined) {
      this.#log.warn(`the time was not set: ${timestamp} is no timestamp`);
      return false;
    }
    const deltaMs = epochMs - this.#clock.wallMs();
    // While the machine's clock is being set nobody knows by how much it is off.
    const machineDeltaMs = this.#isBeingSet ? 0 : deltaMs + this.#clock.wallOffsetMs();
    if (Math.abs(deltaMs) >= SAME_TIME_MS) {
      this.#newest = { epochMs, atMs: this.#clock.monotonicMs() };
      this.#move(epochMs);
      this.#log.info(`the time was set to ${formatTimestamp(epochMs)}`, { deltaMs });
    }
    if (this.#machine && Math.abs(machineDeltaMs) >= SAME_TIME_MS) void this.#setMachine(this.#machine, epochMs);
    return true;
  }

  /** The mesh goes by the new time already, or by a newer one: what the machine's clock jumps by is taken off again. */
  async #setMachine(machine: MachineClock, epochMs: number): Promise<void> {
    this.#isBeingSet = true;
    this.#newest = { epochMs, atMs: this.#clock.monotonicMs() };
    try {
      await machine(formatTimestamp(epochMs));
      this.#move(this.#newest.epochMs + this.#clock.monotonicMs() - this.#newest.atMs);
    } catch (error) {
      this.#log.error(`the clock of the machine was not set: ${messageOf(error)}`);
    } finally {
      this.#isBeingSet = false;
    }
  }

  #move(epochMs: number): void {
    this.#clock.setWall(epochMs);
    this.#store.clockOffsetMs = this.#clock.wallOffsetMs();
  }
}
