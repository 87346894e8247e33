import { VirtualClock } from '@chargemesh/base';
import { boardCapabilities } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import { type EnergyRequestFacts, energyRequest } from '../../src/energy/energy-request.ts';

const facts: EnergyRequestFacts = {
  moduleId: 'evse_1',
  state: 'Idle',
  heldBack: false,
  carAway: false,
  priority: false,
  hardware: boardCapabilities,
  phases: 3,
  cableRatingA: undefined,
  requestZeroPowerInIdle: false,
  gridMeter: undefined,
  carMeter: undefined,
};
const clock = new VirtualClock();
const leaves = (more: Partial<EnergyRequestFacts>) =>
  energyRequest({ ...facts, ...more }, clock).schedule_import[0]?.limits_to_leaves.ac_max_current_A;

describe('towards the car it asks for', () => {
  test('what the hardware and the cable bear', () => {
    expect(leaves({})).toEqual({ value: 32, source: 'evse_1 update_max_current_limit' });
    expect(leaves({ cableRatingA: 20 })?.value).toBe(20);
    expect(leaves({ hardware: undefined, phases: undefined })?.value).toBe(0);
  });

  test('nothing while nobody needs power, where so configured', () => {
    const zeroIn = (state: EnergyRequestFacts['state']) => leaves({ state, requestZeroPowerInIdle: true })?.value;
    expect((['Disabled', 'Idle', 'StoppingCharging', 'Finished'] as const).map(zeroIn)).toEqual([0, 0, 0, 0]);
    expect(
      (['WaitingForAuthentication', 'PrepareCharging', 'Charging', 'ChargingPausedEV'] as const).map(zeroIn),
    ).toEqual([32, 32, 32, 6]);
  });

  test('power in a pause that only the lack of it keeps up', () => {
    const paused = { state: 'ChargingPausedEVSE', requestZeroPowerInIdle: true } as const;
    expect(leaves({ ...paused, heldBack: true })?.value).toBe(0);
    expect(leaves({ ...paused, heldBack: false })?.value).toBe(32);
  });
});

test('towards the root it says what the hardware can do, and from how many phases to how many it can switch', () => {
  const request = energyRequest({ ...facts, state: 'T_step_EF', priority: true }, clock);
  const source = 'evse_1/evse_board_support_caps';
  expect(request).toMatchObject({ evse_state: 'PrepareCharging', priority_request: true, node_type: 'Evse' });
  expect(request.schedule_import[0]).toMatchObject({
    timestamp: '2026-01-01T00:00:00.000Z',
    limits_to_root: {
      ac_max_current_A: { value: 32, source },
      ac_min_current_A: { value: 6, source },
      ac_max_phase_count: { value: 3, source },
      ac_min_phase_count: { value: 1, source },
      ac_supports_changing_phases_during_charging: true,
      ac_number_of_active_phases: 3,
    },
  });
  const none = { value: 0, source: 'evse_1 set_zero_discharge_limit' };
  expect(request.schedule_export[0]?.limits_to_leaves).toEqual({ ac_max_current_A: none, total_power_W: none });
});

test('where the phases cannot be switched those that the board counts are the phases it asks for', () => {
  const fixed = { ...boardCapabilities, supports_changing_phases_during_charging: false };
  const [entry] = energyRequest({ ...facts, hardware: fixed, phases: 1 }, clock).schedule_import;
  expect(entry?.limits_to_root).toMatchObject({
    ac_max_phase_count: { value: 1 },
    ac_min_phase_count: { value: 1 },
    ac_supports_changing_phases_during_charging: false,
  });
  const [switching] = energyRequest({ ...facts, phases: 1 }, clock).schedule_import;
  expect(switching?.limits_to_root).toMatchObject({ ac_max_phase_count: { value: 3 }, ac_number_of_active_phases: 1 });
});

test('a car that takes a break needs no more than to be able to go on', () => {
  const paused = { ...facts, state: 'ChargingPausedEV' } as const;
  const asked = (more: Partial<Parameters<typeof energyRequest>[0]>) =>
    energyRequest({ ...paused, ...more }, clock).schedule_import[0]?.limits_to_leaves.ac_max_current_A?.value;
  expect(asked({ requestZeroPowerInIdle: true })).toBe(6);
  expect(asked({ requestZeroPowerInIdle: false })).toBe(32);
  expect(asked({ requestZeroPowerInIdle: true, hardware: { ...boardCapabilities, min_current_A_import: 0 } })).toBe(32);
});
