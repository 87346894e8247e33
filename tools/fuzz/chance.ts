import type { Random } from '@chargemesh/base';

/** One of these. */
export function pick<T>(random: Random, values: readonly [T, ...T[]]): T;
export function pick<T>(random: Random, values: readonly T[]): T | undefined;
export function pick<T>(random: Random, values: readonly T[]): T | undefined {
  return values[random.integer(0, values.length - 1)];
}

/** True in `part` of all cases. */
export function happens(random: Random, part: number): boolean {
  return random.real() < part;
}

/** One of these, each as often as its weight says. */
export function weighted<T extends string>(random: Random, weights: Readonly<Record<T, number>>): T {
  const all = Object.entries<number>(weights) as [T, number][];
  let left = random.real() * all.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of all) {
    left -= weight;
    if (left < 0) return value;
  }
  throw new RangeError('nothing to choose from');
}
