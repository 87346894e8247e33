import { silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { CurrentLimit } from '../../src/energy/current-limit.ts';

function currentLimit() {
  const clock = new VirtualClock();
  let changes = 0;
  const limit = new CurrentLimit({ clock, log: silentLogger, isNeeded: () => true, onChange: () => changes++ });
  return { clock, limit, changes: () => changes };
}

test('the lowest of grant, hardware and cable counts', () => {
  const { limit } = currentLimit();
  limit.grant(40, 10_000);
  expect(limit.limitA).toBe(0);
  limit.setHardware(32, false);
  expect(limit.limitA).toBe(32);
  limit.setCableRating(20);
  expect(limit.limitA).toBe(32);
  limit.setHardware(32, true);
  expect(limit.limitA).toBeUndefined();
  expect(limit.hasPower).toBe(false);
  limit.setCableRating(20);
  expect(limit.limitA).toBe(20);
  limit.setHardware(32, true);
  expect(limit.limitA).toBe(20);
  limit.setCableRating(undefined);
  expect(limit.limitA).toBeUndefined();
});

test('a grant runs out, a renewed one later', async () => {
  const { limit, clock, changes } = currentLimit();
  limit.setHardware(32, false);
  limit.grant(16, 10_000);
  await clock.advance(9_000);
  limit.grant(16, 10_000);
  await clock.advance(9_999);
  expect(limit.limitA).toBe(16);
  const before = changes();
  await clock.advance(1);
  expect(limit.limitA).toBe(0);
  expect(changes()).toBe(before + 1);
});

test('a grant that is over already, or of export, grants nothing', () => {
  const { limit } = currentLimit();
  limit.setHardware(32, false);
  limit.grant(16, 0);
  expect(limit.limitA).toBe(0);
  limit.grant(-16, 1_000);
  expect(limit.limitA).toBe(0);
});

test('a lower limit takes away what was granted, even where it is over already', () => {
  const { limit, changes } = currentLimit();
  limit.setHardware(32, false);
  limit.grant(16, 10_000);
  const before = changes();
  limit.grant(20, 0);
  expect([limit.limitA, changes()]).toEqual([16, before]);
  limit.grant(6, 0);
  expect([limit.limitA, changes()]).toEqual([6, before + 1]);
});

test('5.9 A are the least that is power', () => {
  const { limit } = currentLimit();
  limit.setHardware(32, false);
  limit.grant(5.8, 1_000);
  expect(limit.hasPower).toBe(false);
  limit.grant(5.9, 1_000);
  expect(limit.hasPower).toBe(true);
});
