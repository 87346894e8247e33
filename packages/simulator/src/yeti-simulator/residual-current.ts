import type { Random } from '@chargemesh/base';

/** What leaks in a sound installation. */
const NORMAL_MA = 0.1;
/** DC residual current above which the board trips; IEC 62955 asks for 6 mA at the latest. */
const TRIP_MA = 5;
const NOISE_SHARE = 0.01;

/** A DC residual current sensor. */
export class ResidualCurrent {
  readonly #random: Random;
  readonly #onTrip: (tripped: boolean) => void;
  #leakMa = NORMAL_MA;
  #tripped = false;

  /** @param onTrip hears when the current rises above what is allowed, and when it falls below it again */
  constructor(random: Random, onTrip: (tripped: boolean) => void) {
    this.#random = random;
    this.#onTrip = onTrip;
  }

  /** Sets the simulated leak, in milliampere. */
  set(leakMa: number): void {
    this.#leakMa = leakMa;
    const tripped = leakMa > TRIP_MA;
    if (tripped === this.#tripped) return;
    this.#tripped = tripped;
    this.#onTrip(tripped);
  }

  /** The faulty car is gone. */
  reset(): void {
    this.set(NORMAL_MA);
  }

  /** A measurement in milliampere. */
  readMa(): number {
    return this.#leakMa * (1 + (this.#random.real() * 2 - 1) * NOISE_SHARE);
  }
}
