import type { Clock, Timer } from '@chargemesh/base';

/** Calls back at an interval that can change while it runs. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #beat: () => void;
  #timer: Timer | undefined;
  #running = false;

  constructor(clock: Clock, beat: () => void) {
    this.#clock = clock;
    this.#beat = beat;
  }

  /** Whether it was started: with an interval of 0 too, which may change. */
  get running(): boolean {
    return this.#running;
  }

  /** Begins anew with this interval. 0: no heartbeats (C-77). */
  start(intervalS: number): void {
    this.stop();
    this.#running = true;
    if (intervalS > 0) this.#timer = this.#clock.setPeriodic(intervalS * 1000, this.#beat);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#running = false;
  }
}
