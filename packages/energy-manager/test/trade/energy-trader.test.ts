import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { type EnergyManagerConfig, EnergyTrader } from '../../src/trade/energy-trader.ts';
import { defaults, evse, fuse, HOUR, leavesLimit } from '../energy-request.ts';

const NOW = parseTimestamp('2026-01-01T00:20:00.000Z') ?? 0;

function trade(
  tree: types.energy.EnergyFlowRequest,
  config: Partial<EnergyManagerConfig> = {},
): types.energy.EnforcedLimits[] {
  return new EnergyTrader({ ...defaults, ...config }).trade(tree, NOW);
}

function amperes(results: readonly types.energy.EnforcedLimits[]): Record<string, number | undefined> {
  return Object.fromEntries(
    results.map(({ uuid, limits_root_side: limits }) => [uuid, limits.ac_max_current_A?.value]),
  );
}

describe('a shared fuse', () => {
  test('two cars on 40 A get 20 A each', () => {
    expect(amperes(trade(fuse('grid', 40, [evse('a'), evse('b')])))).toEqual({ a: 20, b: 20 });
  });

  test('what one car leaves goes to the other', () => {
    expect(amperes(trade(fuse('grid', 40, [evse('a', { leavesA: 10 }), evse('b')])))).toEqual({ a: 10, b: 30 });
  });

  test('on 10 A, where two minima do not fit, the first gets all and the second nothing', () => {
    const [first, second] = trade(fuse('grid', 10, [evse('a'), evse('b')]));
    expect(first?.limits_root_side.ac_max_current_A).toEqual({ value: 10, source: 'grid' });
    expect(second?.limits_root_side).toEqual({ ac_max_current_A: { value: 0, source: '' } });
  });

  test('below the minimum nobody gets anything', () => {
    expect(amperes(trade(fuse('grid', 5.9, [evse('a'), evse('b')])))).toEqual({ a: 0, b: 0 });
  });

  test('an EVSE that asks for nothing gets nothing and takes nothing from the other', () => {
    const idle = evse('a', { leavesA: 0, evse_state: 'Unplugged' });
    expect(amperes(trade(fuse('grid', 40, [idle, evse('b')])))).toEqual({ a: 0, b: 32 });
  });

  test('three cars on 32 A share to half an ampere', () => {
    const results = amperes(trade(fuse('grid', 32, [evse('a'), evse('b'), evse('c')])));
    expect(results).toEqual({ a: 11, b: 10.5, c: 10.5 });
  });

  test('a car that comes too late for its share of 6 A is not told to discharge', () => {
    const bidirectional = evse('b', {
      schedule_export: [
        { timestamp: HOUR, limits_to_root: { ac_max_current_A: { value: 16, source: 'b' } }, limits_to_leaves: {} },
      ],
    });
    expect(amperes(trade(fuse('grid', 6, [evse('a'), bidirectional])))).toEqual({ a: 6, b: 0 });
  });

  test('63 A can be handed out whole', () => {
    const large = evse('a', {
      schedule_import: [
        {
          timestamp: HOUR,
          limits_to_root: {
            ac_max_current_A: { value: 63, source: 'a' },
            ac_min_current_A: { value: 6, source: 'a' },
          },
          limits_to_leaves: {},
        },
      ],
    });
    expect(amperes(trade(fuse('grid', 80, [large])))).toEqual({ a: 63 });
  });
});

describe('limits along the way', () => {
  test('the stricter of two stacked nodes wins and is named', () => {
    const sink = fuse('sink', 32, [evse('a')], { schedule_import: [leavesLimit(HOUR, { limitA: 13 }, 'ocpp')] });
    expect(trade(fuse('grid', 40, [sink]))[0]?.limits_root_side.ac_max_current_A).toEqual({
      value: 13,
      source: 'ocpp',
    });
  });

  test('equal limits of two nodes are both named', () => {
    const tree = fuse('grid', 16, [fuse('sink', 16, [evse('a')])]);
    expect(trade(tree)[0]?.limits_root_side.ac_max_current_A).toEqual({ value: 16, source: 'grid,sink' });
  });

  test('a limit that begins later is in the schedule, not in force', () => {
    const later = '2026-01-01T00:30:00.000Z';
    const sink = fuse('sink', 32, [evse('a')], {
      schedule_import: [leavesLimit(HOUR, { limitA: 20 }), leavesLimit(later, { limitA: 8 })],
    });
    const [result] = trade(fuse('grid', 40, [sink]));
    expect(result?.limits_root_side.ac_max_current_A?.value).toBe(20);
    expect(
      result?.schedule.map(({ timestamp, limits_to_root: to }) => [timestamp, to.ac_max_current_A?.value]),
    ).toEqual([
      [HOUR, 20],
      [later, 8],
    ]);
  });

  test('of limits that have begun the last one holds', () => {
    const sink = fuse('sink', 32, [evse('a')], {
      schedule_import: [leavesLimit(HOUR, { limitA: 20 }), leavesLimit('2026-01-01T00:19:59.999Z', { limitA: 8 })],
    });
    expect(amperes(trade(fuse('grid', 40, [sink])))).toEqual({ a: 8 });
  });

  test('a limit of 0 A stops, and every limit is refreshed for ten intervals', () => {
    const sink = fuse('sink', 32, [evse('a')], { schedule_import: [leavesLimit(HOUR, { limitA: 0 })] });
    const [result] = trade(fuse('grid', 40, [sink]), { update_interval: 2 });
    expect(result?.limits_root_side.ac_max_current_A?.value).toBe(0);
    expect(result?.valid_for).toBe(20);
  });

  test('watts are turned into amperes of three phases and rounded down to what is left', () => {
    const sink = fuse('sink', 32, [evse('a')], { schedule_import: [leavesLimit(HOUR, { limitW: 11_000 })] });
    const limits = trade(fuse('grid', 40, [sink]))[0]?.limits_root_side;
    expect(limits?.ac_max_current_A?.value).toBeCloseTo(11_000 / 690, 9);
    expect(limits?.total_power_W?.value).toBeCloseTo(11_000, 6);
    expect(limits?.total_power_W?.value).toBeLessThanOrEqual(11_000 + 1e-6);
  });

  test('a DC EVSE is dealt with in watts, brought to the root side by its efficiency', () => {
    const dc = evse('dc', {
      schedule_import: [
        {
          timestamp: HOUR,
          limits_to_root: {},
          limits_to_leaves: { total_power_W: { value: 18_000, source: 'supply' } },
          conversion_efficiency: 0.9,
        },
      ],
    });
    expect(trade(dc)[0]?.limits_root_side).toEqual({ total_power_W: { value: 20_000, source: 'supply' } });
  });
});

describe('one or three phases', () => {
  const limited = (limitW: number, more = {}) =>
    fuse('grid', 40, [evse('a', more)], { schedule_import: [leavesLimit(HOUR, { limitW })] });
  const phases = (results: types.energy.EnforcedLimits[]) => results[0]?.limits_root_side.ac_max_phase_count?.value;

  test('Never: three phases or nothing', () => {
    const limits = trade(limited(3000))[0]?.limits_root_side;
    expect([limits?.ac_max_current_A?.value, limits?.total_power_W?.value]).toEqual([0, 0]);
  });

  test('Both: too little for three phases goes to one at once', () => {
    const results = trade(limited(3000), { switch_3ph1ph_while_charging_mode: 'Both' });
    expect(phases(results)).toBe(1);
    expect(results[0]?.limits_root_side.ac_max_current_A?.value).toBeCloseTo(3000 / 230, 9);
  });

  test('Both: three phases only after the power has been enough for the whole time', () => {
    const trader = new EnergyTrader({ ...defaults, switch_3ph1ph_while_charging_mode: 'Both' });
    expect(phases(trader.trade(limited(11_000), NOW))).toBe(1);
    expect(phases(trader.trade(limited(11_000), NOW + 599_000))).toBe(1);
    expect(phases(trader.trade(limited(11_000), NOW + 600_000))).toBe(3);
    expect(phases(trader.trade(limited(4000), NOW + 601_000))).toBe(1);
    expect(phases(trader.trade(limited(11_000), NOW + 602_000))).toBe(1);
  });

  test('Both: within the hysteresis nothing changes', () => {
    const trader = new EnergyTrader({ ...defaults, switch_3ph1ph_while_charging_mode: 'Both' });
    expect(phases(trader.trade(limited(4200), NOW))).toBe(3);
    expect(phases(trader.trade(limited(4000), NOW + 1000))).toBe(1);
    expect(phases(trader.trade(limited(4200), NOW + 2000))).toBe(1);
  });

  test('Oneway: down to one phase, never back in the same session', () => {
    const trader = new EnergyTrader({ ...defaults, switch_3ph1ph_while_charging_mode: 'Oneway' });
    expect(phases(trader.trade(limited(11_000), NOW))).toBe(3);
    expect(phases(trader.trade(limited(3000), NOW + 1000))).toBe(1);
    expect(phases(trader.trade(limited(11_000), NOW + 3_000_000))).toBe(1);
    trader.trade(limited(11_000, { evse_state: 'Unplugged' }), NOW + 3_001_000);
    expect(phases(trader.trade(limited(11_000), NOW + 3_002_000))).toBe(3);
  });

  test.each([
    ['SinglePhase', 1],
    ['ThreePhase', 3],
    ['DontChange', 1],
  ] as const)('after the last switch: %s', (stickyness, expected) => {
    const trader = new EnergyTrader({
      ...defaults,
      switch_3ph1ph_while_charging_mode: 'Both',
      switch_3ph1ph_time_hysteresis_s: 0,
      switch_3ph1ph_max_nr_of_switches_per_session: 2,
      switch_3ph1ph_switch_limit_stickyness: stickyness,
    });
    const seen = [11_000, 4000, 11_000, 4139].map((limitW, index) =>
      phases(trader.trade(limited(limitW), NOW + index * 1000)),
    );
    // 4139 W is not enough for the minimum on three phases: one phase is all that is left, whatever the rule.
    expect(seen).toEqual([3, 1, 3, 1]);
    expect(phases(trader.trade(limited(11_000), NOW + 9000))).toBe(expected);
  });
});

describe('setpoints', () => {
  const withSetpoint = (setpoint: Partial<types.energy.SetpointType>, frequencyHz?: number) => {
    const bidirectional = evse('a', {
      schedule_export: [
        { timestamp: HOUR, limits_to_root: { ac_max_current_A: { value: 16, source: 'a' } }, limits_to_leaves: {} },
      ],
    });
    return fuse('grid', 40, [bidirectional], {
      schedule_setpoints: [{ timestamp: HOUR, setpoint: { priority: 1, source: 'grid code', ...setpoint } }],
      ...(frequencyHz && {
        energy_usage_root: { timestamp: HOUR, energy_Wh_import: { total: 0 }, frequency_Hz: { L1: frequencyHz } },
      }),
    });
  };

  test('a positive current caps import', () => {
    expect(amperes(trade(withSetpoint({ ac_current_A: 7.5 })))).toEqual({ a: 7.5 });
  });

  test('a negative current exports, on three phases', () => {
    expect(trade(withSetpoint({ ac_current_A: -8 }))[0]?.limits_root_side).toEqual({
      ac_max_current_A: { value: -8, source: 'grid code' },
      ac_max_phase_count: { value: 3, source: 'BrokerFastCharging_FixedValue' },
    });
  });

  test('0 stops both', () => {
    expect(amperes(trade(withSetpoint({ ac_current_A: 0 })))).toEqual({ a: 0 });
  });

  test('a frequency table is read linearly between its points, whatever their distance', () => {
    const frequency_table = [
      { frequency_Hz: 49.8, total_power_W: -6900 },
      { frequency_Hz: 50.2, total_power_W: 6900 },
    ];
    const limits = trade(withSetpoint({ frequency_table }, 50.1))[0]?.limits_root_side;
    expect(limits?.total_power_W?.value).toBeCloseTo(0, 6);
    const half = trade(withSetpoint({ frequency_table }, 49.9))[0]?.limits_root_side;
    expect(half?.total_power_W?.value).toBeCloseTo(-3450, 6);
    expect(half?.ac_max_current_A?.value).toBeCloseTo(-5, 6);
  });
});

test('export of one car does not make room for another', () => {
  const exporting = evse('a', {
    schedule_import: [],
    schedule_export: [
      { timestamp: HOUR, limits_to_root: { ac_max_current_A: { value: 16, source: 'a' } }, limits_to_leaves: {} },
    ],
  });
  expect(amperes(trade(fuse('grid', 20, [exporting, evse('b')])))).toEqual({ a: -16, b: 20 });
});

test('a thousand EVSEs never get more than the fuse', () => {
  const results = trade(
    fuse(
      'grid',
      4000,
      Array.from({ length: 1000 }, (_, index) => evse(`e${index}`)),
    ),
  );
  const sum = results.reduce((total, { limits_root_side: limits }) => total + (limits.ac_max_current_A?.value ?? 0), 0);
  expect(sum).toBeLessThanOrEqual(4000 + 1e-6);
  expect(sum).toBeGreaterThan(3994);
});

describe('a tree that says the same again', () => {
  test('is not traded anew, until a limit, a state or the slot is another one', () => {
    const trader = new EnergyTrader(defaults);
    const reading = { timestamp: HOUR, energy_Wh_import: { total: 1 } };
    const tree = (limitA: number, more: Partial<types.energy.EnergyFlowRequest> = {}) =>
      fuse('grid', limitA, [evse('a', more), evse('b')]);
    const first = trader.trade(tree(40), NOW);
    expect(trader.trade(tree(40, { energy_usage_root: reading, priority_request: true }), NOW + 1000)).toBe(first);
    expect(amperes(trader.trade(tree(20), NOW + 2000))).toEqual({ a: 10, b: 10 });
    const again = trader.trade(tree(40), NOW + 3000);
    expect(again).toEqual(first);
    expect(trader.trade(tree(40, { evse_state: 'Finished' }), NOW + 4000)).not.toBe(again);
    const last = trader.trade(tree(40), NOW + 5000);
    const nextHour = trader.trade(tree(40), NOW + 3_600_000);
    expect(nextHour[0]?.schedule.at(-1)?.timestamp).not.toEqual(last[0]?.schedule.at(-1)?.timestamp);
  });

  test('is traded anew when one of its limits begins to hold', () => {
    const trader = new EnergyTrader(defaults);
    const soon = '2026-01-01T00:30:00.000Z';
    const limits = [leavesLimit(HOUR, { limitA: 32 }), leavesLimit(soon, { limitA: 16 })];
    const tree = () => fuse('grid', 40, [evse('a')], { schedule_import: limits });
    expect(amperes(trader.trade(tree(), NOW))).toEqual({ a: 32 });
    expect(amperes(trader.trade(tree(), NOW + 599_999))).toEqual({ a: 32 });
    expect(amperes(trader.trade(tree(), NOW + 600_000))).toEqual({ a: 16 });
  });
});
