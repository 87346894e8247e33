import type { Clock, Timer } from '@chargemesh/base';

/** How long a board goes on without a sign of life of whoever controls it. */
export const DEFAULT_PATIENCE_MS = 5000;

/**
 * The dead man's switch of a board: calls `onSilence` once when whoever controls it has been silent for too long. It watches only
 * those that have ever given a sign of life, since modules of EVerest give none.
 */
export class DeadMan {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #onSilence: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, onSilence: () => void, patienceMs: number = DEFAULT_PATIENCE_MS) {
    this.#clock = clock;
    this.#onSilence = onSilence;
    this.#patienceMs = patienceMs;
  }

  /** A sign of life. */
  heard(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#patienceMs, this.#onSilence);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
