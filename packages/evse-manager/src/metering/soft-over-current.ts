import type { Clock, Timer } from '@chargemesh/base';

/** A car needs five seconds to follow a lower offer, and the meter a moment to show it. */
const SHORTEST_TIMEOUT_MS = 6_000;

export interface SoftOverCurrentOptions {
  readonly tolerancePercent: number;
  readonly noiseA: number;
  readonly timeoutMs: number;
}

/** Sees a car that takes more than it is offered, on any phase and for longer than a car may need to follow. */
export class SoftOverCurrent {
  readonly #options: SoftOverCurrentOptions;
  readonly #clock: Clock;
  readonly #onExceeded: (worstA: number, offeredA: number) => void;
  #worstA = 0;
  #offeredA: number | undefined;
  #timer: Timer | undefined;

  constructor(
    options: SoftOverCurrentOptions,
    ports: { clock: Clock; onExceeded: (worstA: number, offeredA: number) => void },
  ) {
    this.#options = options;
    this.#clock = ports.clock;
    this.#onExceeded = ports.onExceeded;
  }

  /** The meter's currents, in ampere. Said only where all three phases are known. */
  measured(currentsA: readonly number[]): void {
    this.#worstA = Math.max(...currentsA.map(Math.abs));
    this.#check();
  }

  /** What is offered to the car, in ampere; undefined while nobody watches. */
  offered(offeredA: number | undefined): void {
    this.#offeredA = offeredA;
    this.#check();
  }

  /** Stops all timers. */
  dispose(): void {
    this.#timer?.cancel();
  }

  #check(): void {
    const { tolerancePercent, noiseA, timeoutMs } = this.#options;
    const offeredA = this.#offeredA;
    const exceeded = offeredA !== undefined && this.#worstA > (offeredA + noiseA) * (1 + tolerancePercent / 100);
    if (!exceeded) {
      this.#timer?.cancel();
      this.#timer = undefined;
      return;
    }
    this.#timer ??= this.#clock.setTimer(Math.max(timeoutMs, SHORTEST_TIMEOUT_MS), () => {
      this.#timer = undefined;
      this.#onExceeded(this.#worstA, this.#offeredA ?? 0);
    });
  }
}
