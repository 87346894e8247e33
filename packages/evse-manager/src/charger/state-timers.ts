import type { Clock } from '@chargemesh/base';
import type { TimerName } from './charger-timers.ts';

/** The times that were begun in the present state, on the monotonic clock. */
export class StateTimers {
  readonly #clock: Clock;
  readonly #dueMs = new Map<TimerName, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a time. One that runs, or is over, goes on. */
  start(name: TimerName, durationMs: number): void {
    if (!this.#dueMs.has(name)) this.#dueMs.set(name, this.#clock.monotonicMs() + durationMs);
  }

  /** Forgets a time. */
  stop(name: TimerName): void {
    this.#dueMs.delete(name);
  }

  /** Whether a time was begun and is over. */
  isOver(name: TimerName): boolean {
    return (this.#dueMs.get(name) ?? Number.POSITIVE_INFINITY) <= this.#clock.monotonicMs();
  }

  /** When the next of the times that run is over. */
  nextMs(): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    const running = [...this.#dueMs.values()].filter((dueMs) => dueMs > nowMs);
    return running.length === 0 ? undefined : Math.min(...running);
  }

  /** Another state begins: forgets all. */
  clear(): void {
    this.#dueMs.clear();
  }
}
