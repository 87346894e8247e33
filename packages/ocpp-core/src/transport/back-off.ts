import type { Random } from '@chargemesh/base';

/** The configuration keys RetryBackoffWaitMinimum, RetryBackoffRandomRange and RetryBackoffRepeatTimes. */
export interface BackOffRule {
  readonly waitMinimumS: number;
  readonly randomRangeS: number;
  readonly repeatTimes: number;
}

/** Whatever the configuration says: a CSMS that is away is neither asked without a pause nor given up for good. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 24 * 3_600_000;

/**
 * How long to wait before the next attempt to connect: the minimum plus chance at first, then the double of the wait before plus
 * chance, as often as the rule says, then no longer.
 * @see OCPP 2.0.1, part 4, 5.3 (reconnecting)
 */
export class BackOff {
  readonly #random: Random;
  readonly #rule: () => BackOffRule;
  #lastMs: number | undefined;
  #doublings = 0;

  constructor(random: Random, rule: () => BackOffRule) {
    this.#random = random;
    this.#rule = rule;
  }

  /** Milliseconds until the next attempt. */
  nextMs(): number {
    const { waitMinimumS, randomRangeS, repeatTimes } = this.#rule();
    const chanceMs = this.#random.integer(0, randomRangeS * 1000);
    if (this.#lastMs === undefined) this.#lastMs = waitMinimumS * 1000 + chanceMs;
    else if (this.#doublings < repeatTimes) {
      this.#doublings++;
      this.#lastMs = Math.min(this.#lastMs * 2 + chanceMs, LONGEST_MS);
    }
    return Math.min(Math.max(this.#lastMs, SHORTEST_MS), LONGEST_MS);
  }

  /** The connection came about: begin anew next time. */
  reset(): void {
    this.#lastMs = undefined;
    this.#doublings = 0;
  }
}
