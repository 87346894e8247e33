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

test('waits a second at least and a day at most, whatever is asked for', () => {
  const random = new SeededRandom(1);
  const hasty = new BackOff(random, () => ({ waitMinimumS: 0, randomRangeS: 0, repeatTimes: 3 }));
  expect([hasty.nextMs(), hasty.nextMs()]).toEqual([1000, 1000]);
  const patient = new BackOff(random, () => ({ waitMinimumS: 3, randomRangeS: 0, repeatTimes: 2000 }));
  for (let attempt = 0; attempt < 2000; attempt++) patient.nextMs();
  expect(patient.nextMs()).toBe(86_400_000);
  expect(new BackOff(random, () => ({ waitMinimumS: 1e6, randomRangeS: 0, repeatTimes: 0 })).nextMs()).toBe(86_400_000);
});
