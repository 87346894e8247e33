import { loadContracts } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { chargingSchedule, externalLimits, scheduleStartMs } from '../../src/schedules/unlimited-schedule.ts';

const schedule = { connectorId: 1, startMs: scheduleStartMs(1_767_225_600_789), durationS: 600, limit: 48 } as const;

test('starts at a whole second and has one period', () => {
  expect(chargingSchedule({ ...schedule, unit: 'A' })).toEqual({
    charging_rate_unit: 'A',
    charging_schedule_period: [{ limit: 48, stack_level: 0, start_period: 0 }],
    duration: 600,
    evse: 1,
    start_schedule: '2026-01-01T00:00:00.000Z',
  });
});

test.each([
  ['A', { ac_max_current_A: { source: 's', value: 48 } }],
  ['W', { total_power_W: { source: 's', value: 48 } }],
] as const)('in %s it limits the leaves side, and fits the interface', (unit, limits) => {
  const value = externalLimits({ ...schedule, unit }, 's');
  expect(value.schedule_import[0]?.limits_to_leaves).toEqual(limits);
  const check = loadContracts().validators.commandArgs('external_energy_limits', 'set_external_limits');
  expect(check({ value })).toEqual([]);
});
