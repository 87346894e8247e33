import type { types } from '@chargemesh/contracts';
import type { EnergyManagerConfig } from '../src/trade/energy-trader.ts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** The reference's defaults. */
export const defaults: EnergyManagerConfig = {
  nominal_ac_voltage: 230,
  update_interval: 1,
  schedule_interval_duration: 60,
  schedule_total_duration: 1,
  slice_ampere: 0.5,
  slice_watt: 500,
  debug: false,
  switch_3ph1ph_while_charging_mode: 'Never',
  switch_3ph1ph_max_nr_of_switches_per_session: 0,
  switch_3ph1ph_switch_limit_stickyness: 'DontChange',
  switch_3ph1ph_power_hysteresis_W: 200,
  switch_3ph1ph_time_hysteresis_s: 600,
};

/** The full hour at which the virtual clock starts. */
export const HOUR = '2026-01-01T00:00:00.000Z';

/** An AC EVSE that wants up to 32 A on three phases, or whatever is said. */
export function evse(uuid: string, wants: Partial<EnergyFlowRequest> & { leavesA?: number } = {}): EnergyFlowRequest {
  const { leavesA = 32, ...rest } = wants;
  const side = (limitA: number, minimumA: number): types.energy.LimitsReq => ({
    ac_max_current_A: { value: limitA, source: `${uuid}/caps` },
    ac_min_current_A: { value: minimumA, source: `${uuid}/caps` },
    ac_max_phase_count: { value: 3, source: `${uuid}/caps` },
    ac_min_phase_count: { value: 1, source: `${uuid}/caps` },
    ac_number_of_active_phases: 3,
    ac_supports_changing_phases_during_charging: true,
  });
  const leaves = { ac_max_current_A: { value: leavesA, source: `${uuid}/local` } };
  return {
    uuid,
    node_type: 'Evse',
    evse_state: 'Charging',
    children: [],
    schedule_import: [{ timestamp: HOUR, limits_to_root: side(32, 6), limits_to_leaves: leaves }],
    schedule_export: [
      {
        timestamp: HOUR,
        limits_to_root: side(16, 0),
        limits_to_leaves: { ac_max_current_A: { value: 0, source: `${uuid}/no export` } },
      },
    ],
    schedule_setpoints: [],
    ...rest,
  };
}

/** A fuse above some children. */
export function fuse(
  uuid: string,
  limitA: number,
  children: readonly EnergyFlowRequest[],
  more: Partial<EnergyFlowRequest> = {},
): EnergyFlowRequest {
  const limits = (): types.energy.LimitsReq => ({
    ac_max_current_A: { value: limitA, source: uuid },
    ac_max_phase_count: { value: 3, source: uuid },
  });
  const entry = { timestamp: HOUR, limits_to_root: limits(), limits_to_leaves: limits() };
  return {
    uuid,
    node_type: 'Generic',
    children,
    schedule_import: [entry],
    schedule_export: [entry],
    schedule_setpoints: [],
    ...more,
  };
}

/** A schedule entry that limits what goes to the leaves. */
export function leavesLimit(
  timestamp: string,
  limits: { limitA?: number; limitW?: number },
  source = 'outside',
): types.energy.ScheduleReqEntry {
  return {
    timestamp,
    limits_to_root: {},
    limits_to_leaves: {
      ...(limits.limitA !== undefined && { ac_max_current_A: { value: limits.limitA, source } }),
      ...(limits.limitW !== undefined && { total_power_W: { value: limits.limitW, source } }),
    },
  };
}
