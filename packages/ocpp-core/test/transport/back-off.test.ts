import { SeededRandom } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { BackOff } from '../../src/transport/back-off.ts';

test('waits the minimum, doubles as often as it may, and stays there', () => {
  const backOff = new BackOff(new SeededRandom(1), () => ({ waitMinimumS: 3, randomRangeS: 0, repeatTimes: 3 }));
  expect(Array.from({ length: 6 }, () => backOff.nextMs() / 1000)).toEqual([3, 6, 12, 24, 24, 24]);
  backOff.reset();
  expect(backOff.nextMs()).toBe(3000);
});

test('adds chance to each step, up to its range', () => {
  const backOff = new BackOff(new SeededRandom(7), () => ({ waitMinimumS: 1, randomRangeS: 10, repeatTimes: 1 }));
  const first = backOff.nextMs();
  const second = backOff.nextMs();
  expect(first).toBeGreaterThan(1000);
  expect(first).toBeLessThanOrEqual(11_000);
  expect(second - 2 * first).toBeGreaterThan(0);
  expect(second - 2 * first).toBeLessThanOrEqual(10_000);
});
