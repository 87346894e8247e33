import type { types } from '@chargemesh/contracts';

type SessionEvent = types.evse_manager.SessionEvent;

/** What an EVSE is at, in the words of EVerest's API. */
export type SessionState =
  | 'Unknown'
  | 'Unplugged'
  | 'Disabled'
  | 'Preparing'
  | 'Reserved'
  | 'AuthRequired'
  | 'ChargingPausedEV'
  | 'ChargingPausedEVSE'
  | 'Charging'
  | 'AuthTimeout'
  | 'Finished'
  | 'FinishedEVSE'
  | 'FinishedEV';

type EventName = Exclude<SessionEvent['event'], 'TransactionFinished'>;

/** What each event makes of the state; undefined: nothing. StoppingCharging comes before a pause too, which so passes through FinishedEV. */
const stateAfter: Readonly<Record<EventName, SessionState | undefined>> = {
  Authorized: undefined,
  Deauthorized: undefined,
  Enabled: 'Unplugged',
  Disabled: 'Disabled',
  SessionStarted: 'Preparing',
  AuthRequired: 'AuthRequired',
  TransactionStarted: 'Preparing',
  PrepareCharging: 'Preparing',
  ChargingStarted: 'Charging',
  ChargingPausedEV: 'ChargingPausedEV',
  ChargingPausedEVSE: 'ChargingPausedEVSE',
  StoppingCharging: 'FinishedEV',
  ChargingFinished: 'Finished',
  SessionFinished: 'Unplugged',
  ReservationStart: 'Reserved',
  ReservationEnd: 'Unplugged',
  PluginTimeout: 'AuthTimeout',
  SwitchingPhases: undefined,
  SessionResumed: undefined,
};

/** The state after an event. */
export function nextState(state: SessionState, event: SessionEvent): SessionState {
  if (event.event === 'TransactionFinished')
    return event.transaction_finished?.reason === 'Local' ? 'FinishedEVSE' : 'Finished';
  return stateAfter[event.event] ?? state;
}

/** States in which the meter is followed while a transaction runs. */
export const meteredStates: ReadonlySet<SessionState> = new Set([
  'AuthRequired',
  'Charging',
  'ChargingPausedEV',
  'ChargingPausedEVSE',
]);
