import type { Random } from '@chargemesh/base';

/** One of these by chance. */
export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random.integer(0, choices.length - 1)] ?? choices[0];
}

/** Something that is chosen as often as its weight says, among others. */
export interface Weighted<T> {
  readonly weight: number;
  readonly make: T;
}

/** One of these by chance, by their weights. */
export function pickWeighted<T>(random: Random, choices: readonly [Weighted<T>, ...Weighted<T>[]]): T {
  let left = random.real() * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, make } of choices) {
    left -= weight;
    if (left < 0) return make;
  }
  return choices[0].make;
}
