import { expect, test } from '@jest/globals';
import { offeredA, offersCurrent } from '../src/offered-current.ts';

test.each([
  [5, 0],
  [7.9, 0],
  [10, 6],
  [26.67, 16.002],
  [53.33333611488342, 32],
  [84.9, 50.94],
  [85, 52.5],
  [95, 77.5],
  [96, 80],
  [97, 0],
  [100, 0],
])('a duty of %d %% offers %d A', (duty, ampere) => {
  expect(offeredA(duty)).toBeCloseTo(ampere, 3);
});

test('a car draws by the duty from 7 to 97 %', () => {
  expect([6.9, 7, 97, 97.1, 100].map(offersCurrent)).toEqual([false, true, true, false, false]);
});
