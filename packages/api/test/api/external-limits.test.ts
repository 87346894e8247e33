import { expect, test } from '@jest/globals';
import { externalLimits, type WantedLimit } from '../../src/api/external-limits.ts';

const timestamp = '2026-01-01T00:00:00.000Z';
const value = (amount: number) => ({ value: amount, source: 'API_module' });
const entry = (limits: object) => [{ timestamp, limits_to_root: {}, limits_to_leaves: limits }];
const closed = entry({ total_power_W: value(0) });

const cases: readonly (readonly [WantedLimit, 'import' | 'export', object])[] = [
  [{ kind: 'amps', amps: 12 }, 'import', { ac_max_current_A: value(12) }],
  [{ kind: 'amps', amps: -12 }, 'export', { ac_max_current_A: value(12) }],
  [{ kind: 'amps', amps: 0 }, 'export', { ac_max_current_A: value(0) }],
  [{ kind: 'watts', watts: 3680 }, 'import', { total_power_W: value(3680) }],
  [{ kind: 'watts', watts: -3680 }, 'export', { total_power_W: value(3680) }],
  [
    { kind: 'amps and phases', amps: 10, phases: 1 },
    'import',
    { ac_max_current_A: value(10), ac_max_phase_count: value(1), ac_min_phase_count: value(1) },
  ],
  [
    { kind: 'amps and phases', amps: -10, phases: 3 },
    'export',
    { ac_max_current_A: value(10), ac_max_phase_count: value(3), ac_min_phase_count: value(3) },
  ],
];

test.each(cases)('%j limits the %s and closes the other direction', (wanted, direction, limits) => {
  expect(externalLimits(wanted, timestamp)).toEqual({
    schedule_import: direction === 'import' ? entry(limits) : closed,
    schedule_export: direction === 'export' ? entry(limits) : closed,
    schedule_setpoints: [],
  });
});
