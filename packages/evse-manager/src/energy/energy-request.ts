import { type Clock, formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type ChargerStateName, stateNames } from '../charger/charger-state.ts';
import { LEAST_OFFER_A } from '../iec/pwm-duty.ts';

const HOUR_MS = 3_600_000;

type Limits = types.energy.LimitsReq;

/** States in which a car may take power soon. */
const needsPower: ReadonlySet<ChargerStateName> = new Set([
  'WaitingForAuthentication',
  'PrepareCharging',
  'Charging',
  'ChargingPausedEV',
  'T_step_EF',
  'SwitchPhases',
]);

/** What decides whether an EVSE asks for power. */
export interface PowerNeed {
  readonly state: ChargerStateName;
  /** Somebody, or a fault, holds charging back. */
  readonly heldBack: boolean;
  /** The transaction waits for its car to be plugged in again. */
  readonly carAway: boolean;
  readonly requestZeroPowerInIdle: boolean;
}

/** Whether an EVSE asks for power. One that is paused for the lack of power alone has to: nobody gives to those who do not ask. */
export function asksForPower({ state, heldBack, carAway, requestZeroPowerInIdle }: PowerNeed): boolean {
  const mayTakeIt = needsPower.has(state) || (state === 'ChargingPausedEVSE' && !heldBack);
  return (mayTakeIt && !carAway) || !requestZeroPowerInIdle;
}

/** What an energy request is made of. */
export interface EnergyRequestFacts extends PowerNeed {
  readonly moduleId: string;
  readonly priority: boolean;
  /** Undefined before the board has said what it can do. */
  readonly hardware: types.evse_board_support.HardwareCapabilities | undefined;
  /** How many phases are connected; undefined before it is known. */
  readonly phases: number | undefined;
  /** What the cable at a socket bears, in ampere. */
  readonly cableRatingA: number | undefined;
  readonly gridMeter: types.powermeter.Powermeter | undefined;
  readonly carMeter: types.powermeter.Powermeter | undefined;
}

/**
 * What this EVSE, a leaf of the energy tree, asks for: towards the root what its hardware allows, towards the leaf what the car may take.
 * The number of phases is that of the hardware where it can be switched, and otherwise that of the phases that are connected. A car that
 * takes a break is asked the least current for: enough for it to go on.
 */
export function energyRequest(facts: EnergyRequestFacts, clock: Clock): types.energy.EnergyFlowRequest {
  const { moduleId, hardware, phases, cableRatingA } = facts;
  // As the reference has it, and so that the plans of a tree have no slot for each time that somebody asked.
  const timestamp = formatTimestamp(Math.floor(clock.wallMs() / HOUR_MS) * HOUR_MS);
  const caps = `${moduleId}/evse_board_support_caps`;
  const wantsPower = asksForPower(facts);
  const hardwareA = hardware?.max_current_A_import ?? 0;
  const importA = wantsPower ? Math.min(usefulA(facts, hardwareA), cableRatingA ?? hardwareA) : 0;
  const switchesPhases = hardware?.supports_changing_phases_during_charging ?? false;
  const mostPhases = hardware?.max_phase_count_import ?? 1;
  const maxPhases = switchesPhases ? mostPhases : Math.min(mostPhases, phases ?? mostPhases);
  const fewestPhases = hardware ? maxPhases : 0;
  const toRoot = (limits: { maxA: number; minA: number; phases: number; minPhases: number }): Limits => ({
    ac_max_current_A: { value: limits.maxA, source: caps },
    ac_min_current_A: { value: limits.minA, source: caps },
    ac_max_phase_count: { value: limits.phases, source: caps },
    ac_min_phase_count: { value: limits.minPhases, source: caps },
    ac_supports_changing_phases_during_charging: switchesPhases,
    ...(phases !== undefined && { ac_number_of_active_phases: phases }),
  });
  const noExport = { value: 0, source: `${moduleId} set_zero_discharge_limit` };
  return {
    uuid: moduleId,
    node_type: 'Evse',
    priority_request: facts.priority,
    evse_state: stateNames[facts.state].energy,
    children: [],
    schedule_import: [
      {
        timestamp,
        limits_to_root: toRoot({
          maxA: hardwareA,
          minA: hardware?.min_current_A_import ?? 0,
          phases: maxPhases,
          minPhases: switchesPhases ? (hardware?.min_phase_count_import ?? 0) : fewestPhases,
        }),
        limits_to_leaves: {
          ac_max_current_A: {
            value: importA,
            source: wantsPower ? `${moduleId} update_max_current_limit` : 'Idle',
          },
        },
      },
    ],
    schedule_export: [
      {
        timestamp,
        limits_to_root: toRoot({
          maxA: hardware?.max_current_A_export ?? 0,
          minA: hardware?.min_current_A_export ?? 0,
          phases: hardware?.max_phase_count_export ?? 0,
          minPhases: hardware?.min_phase_count_export ?? 0,
        }),
        limits_to_leaves: { ac_max_current_A: noExport, total_power_W: noExport },
      },
    ],
    schedule_setpoints: [],
    ...(facts.gridMeter && { energy_usage_root: facts.gridMeter }),
    ...(facts.carMeter && { energy_usage_leaves: facts.carMeter }),
  };
}

/** The current in ampere that is of use in a state. */
function usefulA({ state, hardware, requestZeroPowerInIdle }: EnergyRequestFacts, hardwareA: number): number {
  const leastA = hardware?.min_current_A_import ?? 0;
  return state === 'ChargingPausedEV' && requestZeroPowerInIdle && leastA >= LEAST_OFFER_A ? leastA : hardwareA;
}
