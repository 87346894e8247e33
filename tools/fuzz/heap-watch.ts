import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What of the beginning does not count: code is compiled, caches fill. */
const WARM_UP = 0.2;

/** Watches how much memory is left after all garbage is gone. */
export class HeapWatch {
  readonly #collect: () => void;
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  /** @param at how much of the run is over, from 0 to 1 */
  sample(at: number): void {
    this.#collect();
    this.#samples.push({ at, bytes: process.memoryUsage().heapUsed });
  }

  /** By how many bytes the end of the run holds more than its beginning, warmed up: the means of both halves. */
  get growth(): number {
    const warm = this.#samples.filter(({ at }) => at >= WARM_UP);
    const middle = (1 + WARM_UP) / 2;
    return mean(warm.filter(({ at }) => at >= middle)) - mean(warm.filter(({ at }) => at < middle));
  }
}

function mean(samples: readonly { readonly bytes: number }[]): number {
  return samples.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, samples.length);
}
