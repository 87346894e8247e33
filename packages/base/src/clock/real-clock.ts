import type { Clock, Timer } from './clock.ts';
import { sleepOn, WallOffset } from './wall.ts';

/** Node's timers keep their delay in 32 bits; a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of a running mesh: the machine's monotonic clock, and its wall clock plus the mesh's offset. */
export class RealClock implements Clock {
  readonly #wall = new WallOffset();

  monotonicMs(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now() + this.#wall.ms;
  }

  wallOffsetMs(): number {
    return this.#wall.ms;
  }

  setWall(epochMs: number): void {
    this.setWallOffset(this.wallOffsetMs() + epochMs - this.wallMs());
  }

  setWallOffset(offsetMs: number): void {
    this.#wall.ms = offsetMs;
  }

  onWallJump(listener: (deltaMs: number) => void): Timer {
    return this.#wall.listen(listener);
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const dueMs = this.monotonicMs() + delayMs;
    const arm = (): NodeJS.Timeout => {
      const leftMs = Math.max(0, dueMs - this.monotonicMs());
      return leftMs > LONGEST_TIMER_MS
        ? setTimeout(() => {
            handle = arm();
          }, LONGEST_TIMER_MS)
        : setTimeout(callback, leftMs);
    };
    let handle = arm();
    return { cancel: () => clearTimeout(handle) };
  }

  setPeriodic(periodMs: number, callback: () => void): Timer {
    if (!(periodMs > 0)) throw new RangeError(`a period must be above 0 ms, not ${periodMs}`);
    let dueMs = this.monotonicMs() + periodMs;
    let cancelled = false;
    let timer: Timer;
    const fire = (): void => {
      // Due times are multiples of the period; those missed while the process was stopped are left out.
      dueMs = Math.max(dueMs + periodMs, this.monotonicMs());
      callback();
      if (!cancelled) timer = this.setTimer(dueMs - this.monotonicMs(), fire);
    };
    timer = this.setTimer(periodMs, fire);
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  track<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}
