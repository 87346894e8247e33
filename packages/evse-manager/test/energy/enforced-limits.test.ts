import { expect, test } from '@jest/globals';
import { cappedByCable, enforcedCurrentA } from '../../src/energy/enforced-limits.ts';

const at = { nominalVoltageV: 230, phases: 3 };
const number = (value: number) => ({ value, source: 'x' });

test('the lower of ampere and watt counts, and neither means none', () => {
  expect(enforcedCurrentA({ ac_max_current_A: number(16) }, at)).toBe(16);
  expect(enforcedCurrentA({ total_power_W: number(6900) }, at)).toBe(10);
  expect(enforcedCurrentA({ ac_max_current_A: number(16), total_power_W: number(6900) }, at)).toBe(10);
  expect(enforcedCurrentA({ ac_max_current_A: number(6), total_power_W: number(6900) }, at)).toBe(6);
  expect(enforcedCurrentA({}, at)).toBe(0);
});

test('limits are told on no higher than the cable bears', () => {
  const enforced = { uuid: 'e', valid_for: 10, schedule: [], limits_root_side: { ac_max_current_A: number(32) } };
  expect(cappedByCable(enforced, 20).limits_root_side).toEqual({ ac_max_current_A: number(20) });
  expect(cappedByCable(enforced, 63)).toBe(enforced);
  expect(cappedByCable(enforced, undefined)).toBe(enforced);
});
