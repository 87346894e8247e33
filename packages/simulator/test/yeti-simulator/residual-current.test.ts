import { SeededRandom } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { ResidualCurrent } from '../../src/yeti-simulator/residual-current.ts';

test('trips above 5 mA, once, and recovers', () => {
  const trips: boolean[] = [];
  const rcd = new ResidualCurrent(new SeededRandom(1), (tripped) => trips.push(tripped));
  rcd.set(5);
  rcd.set(5.1);
  rcd.set(20);
  expect(trips).toEqual([true]);
  rcd.reset();
  expect(trips).toEqual([true, false]);
  expect(Math.abs(rcd.readMa() - 0.1)).toBeLessThanOrEqual(0.001);
});

test.each([
  [5, []],
  [5.01, [true]],
])('%f mA', (leakMa, told) => {
  const trips: boolean[] = [];
  new ResidualCurrent(new SeededRandom(1), (tripped) => trips.push(tripped)).set(leakMa);
  expect(trips).toEqual(told);
});
