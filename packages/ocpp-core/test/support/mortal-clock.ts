import type { Clock, Timer } from '@chargemesh/base';

/** The clock of one process: when that is killed, none of its timers fires any more. */
export class MortalClock implements Clock {
  readonly #clock: Clock;
  #alive = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  kill(): void {
    this.#alive = false;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  wallOffsetMs(): number {
    return this.#clock.wallOffsetMs();
  }

  setWall(epochMs: number): void {
    this.#clock.setWall(epochMs);
  }

  onWallJump(listener: (deltaMs: number) => void): Timer {
    return this.#clock.onWallJump((deltaMs) => void (this.#alive && listener(deltaMs)));
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    return this.#clock.setTimer(delayMs, () => void (this.#alive && callback()));
  }

  setPeriodic(periodMs: number, callback: () => void): Timer {
    const timer = this.#clock.setPeriodic(periodMs, () => (this.#alive ? callback() : timer.cancel()));
    return timer;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(delayMs, signal);
  }

  track<T>(work: Promise<T>): Promise<T> {
    return this.#clock.track(work);
  }
}
