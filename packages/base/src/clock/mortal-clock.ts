import type { Clock, Timer } from './clock.ts';
import { sleepOn } from './wall.ts';

const NO_TIMER: Timer = { cancel: () => {} };

/**
 * The clock of something that may be killed: after that none of its timers fires, as if its process had ended, though the clock
 * beneath goes on for everybody else.
 */
export class MortalClock implements Clock {
  readonly #inner: Clock;
  readonly #timers = new Set<Timer>();
  #dead = false;

  constructor(inner: Clock) {
    this.#inner = inner;
  }

  /** Whatever was set does not happen any more. */
  kill(): void {
    this.#dead = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  monotonicMs(): number {
    return this.#inner.monotonicMs();
  }

  wallMs(): number {
    return this.#inner.wallMs();
  }

  wallOffsetMs(): number {
    return this.#inner.wallOffsetMs();
  }

  setWall(epochMs: number): void {
    if (!this.#dead) this.#inner.setWall(epochMs);
  }

  setWallOffset(offsetMs: number): void {
    if (!this.#dead) this.#inner.setWallOffset(offsetMs);
  }

  onWallJump(listener: (deltaMs: number) => void): Timer {
    return this.#keep(() => this.#inner.onWallJump(listener));
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (this.#dead) return NO_TIMER;
    // Most timers are cancelled or fire soon: to look at the end is cheaper than to remember each.
    return this.#inner.setTimer(delayMs, () => {
      if (!this.#dead) callback();
    });
  }

  setPeriodic(periodMs: number, callback: () => void): Timer {
    return this.#keep(() => this.#inner.setPeriodic(periodMs, callback));
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  track<T>(work: Promise<T>): Promise<T> {
    return this.#inner.track(work);
  }

  #keep(set: () => Timer): Timer {
    if (this.#dead) return NO_TIMER;
    const inner = set();
    const timer: Timer = {
      cancel: () => {
        this.#timers.delete(timer);
        inner.cancel();
      },
    };
    this.#timers.add(timer);
    return timer;
  }
}
