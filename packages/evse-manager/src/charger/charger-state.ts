import type { types } from '@chargemesh/contracts';

export type PauseReason = types.evse_manager.PauseChargingEVSEReasonEnum;

/** What the EVSE is doing. */
export type ChargerStateName =
  | 'Disabled'
  | 'Idle'
  | 'WaitingForAuthentication'
  | 'PrepareCharging'
  | 'Charging'
  | 'ChargingPausedEV'
  | 'ChargingPausedEVSE'
  | 'StoppingCharging'
  | 'Finished'
  | 'T_step_EF'
  | 'SwitchPhases';

/** Each state as outside programs know it: its text, its number, and what the energy tree calls it. */
export const stateNames: Readonly<
  Record<ChargerStateName, { readonly text: string; readonly number: number; readonly energy: types.energy.EvseState }>
> = {
  Disabled: { text: 'Disabled', number: 0, energy: 'Disabled' },
  Idle: { text: 'Idle', number: 1, energy: 'Unplugged' },
  WaitingForAuthentication: { text: 'Wait for Auth', number: 2, energy: 'WaitForAuth' },
  PrepareCharging: { text: 'PrepareCharging', number: 3, energy: 'PrepareCharging' },
  Charging: { text: 'Charging', number: 4, energy: 'Charging' },
  ChargingPausedEV: { text: 'Car Paused', number: 5, energy: 'PausedEV' },
  ChargingPausedEVSE: { text: 'EVSE Paused', number: 6, energy: 'PausedEVSE' },
  StoppingCharging: { text: 'StoppingCharging', number: 7, energy: 'Charging' },
  Finished: { text: 'Finished', number: 8, energy: 'Finished' },
  T_step_EF: { text: 'T_step_EF', number: 9, energy: 'PrepareCharging' },
  SwitchPhases: { text: 'SwitchPhases', number: 11, energy: 'Charging' },
};
