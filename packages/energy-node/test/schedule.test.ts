import { parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { nextChangeMs, notOver, saysTheSame, withPrices } from '../src/schedule.ts';

const at = (time: string): string => `2026-01-01T${time}.000Z`;
const ms = (time: string): number => parseTimestamp(at(time)) ?? Number.NaN;
const entry = (time: string, limitA = 0) => ({
  timestamp: at(time),
  limits_to_root: {},
  limits_to_leaves: { ac_max_current_A: { value: limitA, source: 'x' } },
});

describe('what is over', () => {
  const schedule = [entry('10:00:00', 1), entry('11:00:00', 2), entry('12:00:00', 3)];
  test.each([
    ['before the first entry all stays', '09:00:00', [1, 2, 3]],
    ['the present entry stays', '10:30:00', [1, 2, 3]],
    ['an entry that was replaced goes', '11:00:00', [2, 3]],
    ['after the last one it alone stays', '23:00:00', [3]],
  ])('%s', (_, now, expected) => {
    const left = notOver(schedule, ms(now)).map(({ limits_to_leaves: limits }) => limits.ac_max_current_A.value);
    expect(left).toEqual(expected);
  });

  test('a schedule out of order is read in the order of time', () => {
    const left = notOver([entry('12:00:00', 3), entry('10:00:00', 1), entry('11:00:00', 2)], ms('11:30:00'));
    expect(left.map(({ timestamp }) => timestamp)).toEqual([at('11:00:00'), at('12:00:00')]);
  });

  test('of two entries with the same time the later in the list stays', () => {
    const left = notOver([entry('10:00:00', 1), entry('10:00:00', 2)], ms('10:00:00'));
    expect(left.map(({ limits_to_leaves: limits }) => limits.ac_max_current_A.value)).toEqual([2]);
  });
});

test('the next change is the next entry to begin in any schedule', () => {
  const schedules = [[entry('10:00:00'), entry('13:00:00')], [entry('12:00:00')], []];
  expect(nextChangeMs(schedules, ms('11:00:00'))).toBe(ms('12:00:00'));
  expect(nextChangeMs(schedules, ms('13:00:00'))).toBeUndefined();
});

describe('whether limits changed', () => {
  test('the same limit with a newer time is no change', () => {
    expect(saysTheSame([entry('11:00:00', 16)], [entry('10:00:00', 16)], ms('11:00:00'))).toBe(true);
  });
  test('another value is', () => {
    expect(saysTheSame([entry('11:00:00', 10)], [entry('10:00:00', 16)], ms('11:00:00'))).toBe(false);
  });
  test('so is one that will begin', () => {
    const before = [entry('10:00:00', 16)];
    expect(saysTheSame([entry('10:00:00', 16), entry('12:00:00', 8)], before, ms('11:00:00'))).toBe(false);
  });
  test('and an empty one', () => {
    expect(saysTheSame([], [entry('10:00:00', 16)], ms('11:00:00'))).toBe(false);
  });
});

describe('prices', () => {
  const price = (time: string, value: number) => ({ timestamp: at(time), value, currency: 'EUR' });
  test('make an entry wherever the limit or the price changes', () => {
    const limits = [entry('10:00:00', 16), entry('12:00:00', 8)];
    const joined = withPrices(limits, [price('10:30:00', 0.3), price('12:00:00', 0.2)]);
    expect(
      joined.map((slot) => [slot.timestamp, slot.limits_to_leaves.ac_max_current_A?.value, slot.price_per_kwh?.value]),
    ).toEqual([
      [at('10:00:00'), 16, 0.3],
      [at('10:30:00'), 16, 0.3],
      [at('12:00:00'), 8, 0.2],
    ]);
  });
  test('are left out where there are none', () => {
    expect(withPrices([entry('10:00:00', 16)], [])).toEqual([entry('10:00:00', 16)]);
  });
});
