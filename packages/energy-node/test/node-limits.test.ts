import { describe, expect, test } from '@jest/globals';
import { type EnergyNodeConfig, NodeLimits } from '../src/node-limits.ts';

const HOUR = '2026-01-01T00:00:00.000Z';
const limits = (config: Partial<EnergyNodeConfig> = {}): NodeLimits =>
  new NodeLimits('grid', {
    fuse_limit_A: 40,
    phase_count: 3,
    nominal_voltage_V: 230,
    enhance_external_schedule: false,
    ...config,
  });
const own = (value: number) => ({ value, source: 'grid/module_config' });
const outside = (value: number) => ({ value, source: 'ocpp' });

test('the fuse is the limit on both sides', () => {
  const side = { ac_max_current_A: own(40), ac_max_phase_count: own(3) };
  expect(limits().own(HOUR)).toEqual([{ timestamp: HOUR, limits_to_root: side, limits_to_leaves: side }]);
});

test('a node without phases says nothing of them', () => {
  expect(limits({ phase_count: 0 }).own(HOUR)[0]?.limits_to_root).toEqual({ ac_max_current_A: own(40) });
});

test.each([
  [3, 230 * 40 * 3],
  [1, 230 * 40],
  [0, 230 * 40],
])('with %i phases it can pass %i W', (phase_count, total_power_W) => {
  expect(limits({ phase_count }).capabilities).toEqual({
    max_current_A: 40,
    max_phase_count: phase_count,
    nominal_voltage_V: 230,
    total_power_W,
  });
});

describe('limits from outside', () => {
  const within = (root: object, leaves: object = {}, config: Partial<EnergyNodeConfig> = {}) =>
    limits(config).within([{ timestamp: HOUR, limits_to_root: root, limits_to_leaves: leaves }])[0];

  test('the fuse is added where they name no current, and the leaves side stays as sent', () => {
    expect(within({}, { ac_max_current_A: outside(100) })).toEqual({
      timestamp: HOUR,
      limits_to_root: { ac_max_current_A: own(40), ac_max_phase_count: own(3) },
      limits_to_leaves: { ac_max_current_A: outside(100) },
    });
  });

  test('they never go above the fuse', () => {
    const root = { ac_max_current_A: outside(63), ac_max_phase_count: outside(3) };
    expect(within(root, {}, { phase_count: 1 })?.limits_to_root).toEqual({
      ac_max_current_A: own(40),
      ac_max_phase_count: own(1),
    });
  });

  test('what is stricter stays', () => {
    const root = { ac_max_current_A: outside(10), ac_max_phase_count: outside(1) };
    expect(within(root)?.limits_to_root).toEqual(root);
  });

  test('watts become amperes only when that is configured, and only where none are given', () => {
    const watts = { total_power_W: outside(6900) };
    expect(within(watts)?.limits_to_root.ac_max_current_A).toEqual(own(40));
    expect(within(watts, {}, { enhance_external_schedule: true })?.limits_to_root.ac_max_current_A).toEqual(
      outside(10),
    );
    const both = { ...watts, ac_max_current_A: outside(20) };
    expect(within(both, {}, { enhance_external_schedule: true })?.limits_to_root.ac_max_current_A).toEqual(outside(20));
    const onePhase = { ...watts, ac_max_phase_count: outside(1) };
    expect(within(onePhase, {}, { enhance_external_schedule: true })?.limits_to_root.ac_max_current_A).toEqual(
      outside(30),
    );
  });
});
