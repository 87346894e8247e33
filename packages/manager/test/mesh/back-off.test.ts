import { expect, test } from '@jest/globals';
import { BackOff } from '../../src/mesh/back-off.ts';

test('the pause doubles with each death, up to half a minute', () => {
  const backOff = new BackOff();
  let nowMs = 0;
  const pauses = Array.from({ length: 10 }, () => {
    nowMs += 1_000;
    return backOff.next('evse', nowMs);
  });
  expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  expect(backOff.count('evse')).toBe(10);
});

test('who ran for a minute begins anew, and others are not concerned', () => {
  const backOff = new BackOff();
  backOff.next('evse', 0);
  expect(backOff.next('evse', 59_999)).toBe(400);
  expect(backOff.next('auth', 60_000)).toBe(200);
  expect(backOff.next('evse', 119_999)).toBe(200);
  expect(backOff.count('evse')).toBe(1);
  expect(backOff.count('nobody')).toBe(0);
});
