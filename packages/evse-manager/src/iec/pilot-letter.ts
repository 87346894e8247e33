import type { types } from '@chargemesh/contracts';

/** What the board measures on the control pilot; `Disabled` stands for "not looked at". @see IEC 61851-1 Annex A */
export type PilotLetter = 'Disabled' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/**
 * A letter by what it means to this EVSE: D is a request for power where there is ventilation, and a car that may not be fed where there
 * is none, as B.
 */
export type PilotState = Exclude<PilotLetter, 'D'>;

/** What the control pilot tells about the car. */
export type PilotEvent =
  | 'CarPluggedIn'
  | 'CarUnplugged'
  | 'CarRequestedPower'
  | 'CarRequestedStopPower'
  | 'BCDtoEF'
  | 'BCDtoE'
  | 'EFtoBCD'
  | 'PowerOn'
  | 'PowerOff';

/** Why the relay may close, or must open. */
export type PowerReason = types.evse_board_support.PowerOnOff['reason'];

/** The meaning of a letter on an EVSE with or without ventilation. */
export function pilotStateOf(letter: PilotLetter, hasVentilation: boolean): PilotState {
  if (letter !== 'D') return letter;
  return hasVentilation ? 'C' : 'B';
}
