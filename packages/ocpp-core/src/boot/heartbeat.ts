import type { Clock, Timer } from '@chargemesh/base';

/** Calls back at an interval that can change while it runs. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #beat: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, beat: () => void) {
    this.#clock = clock;
    this.#beat = beat;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins anew with this interval. 0: no heartbeats (C-77). */
  start(intervalS: number): void {
    this.stop();
    if (intervalS > 0) this.#timer = this.#clock.setPeriodic(intervalS * 1000, this.#beat);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
