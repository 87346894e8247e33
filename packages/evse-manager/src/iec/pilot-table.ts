import type { PilotEvent, PilotState } from './pilot-letter.ts';

/** What the control pilot does on its own when the pilot's state changes. */
export type PilotAction =
  | 'steady'
  | 'powerOff'
  | 'stopRelayTimer'
  | 'notePlugged'
  | 'noteUnplugged'
  | 'enterSimplifiedMode'
  | 'leaveSimplifiedMode'
  | 'lockNotWanted'
  | 'startUnlockTimer'
  | 'stopUnlockTimer';

/** A row of the table: applies to a change from one of `from` to `to`, where the car is (not) known to be plugged in. */
export interface PilotRule {
  readonly to: PilotState;
  readonly from: readonly PilotState[];
  /** Whether a car was known to be plugged in before the change; undefined where it does not matter. */
  readonly plugged?: boolean;
  readonly does: readonly PilotAction[];
  readonly says: readonly PilotEvent[];
}

/**
 * What each change of the pilot's state does and says; all rows that fit apply, in this order. Wanting the lock in B and C, and closing
 * the relay, depend on more than the change and stand in ControlPilot.
 *
 * `Disabled` says nothing about the car: a board that was away for a moment has not unplugged it.
 * @see IEC 61851-1 Annex A
 */
export const pilotTable: readonly PilotRule[] = [
  {
    to: 'Disabled',
    from: ['A', 'B', 'C', 'E', 'F'],
    does: ['steady', 'powerOff', 'stopRelayTimer', 'lockNotWanted'],
    says: [],
  },
  {
    to: 'A',
    from: ['Disabled', 'B', 'C', 'E', 'F'],
    does: ['steady', 'leaveSimplifiedMode', 'powerOff', 'stopRelayTimer', 'lockNotWanted'],
    says: [],
  },
  {
    to: 'A',
    from: ['Disabled', 'B', 'C', 'E', 'F'],
    plugged: true,
    does: ['noteUnplugged'],
    says: ['CarUnplugged'],
  },
  {
    to: 'B',
    from: ['Disabled', 'C', 'E', 'F'],
    plugged: true,
    does: ['powerOff', 'stopRelayTimer'],
    says: ['CarRequestedStopPower'],
  },
  { to: 'B', from: ['Disabled', 'A', 'C', 'E', 'F'], plugged: false, does: ['notePlugged'], says: ['CarPluggedIn'] },
  { to: 'B', from: ['E', 'F'], does: [], says: ['EFtoBCD'] },
  {
    to: 'C',
    from: ['Disabled', 'A', 'E', 'F'],
    plugged: false,
    does: ['notePlugged', 'enterSimplifiedMode'],
    says: ['CarPluggedIn'],
  },
  { to: 'C', from: ['E', 'F'], does: [], says: ['EFtoBCD'] },
  { to: 'C', from: ['Disabled', 'B', 'E', 'F'], plugged: true, does: [], says: ['CarRequestedPower'] },
  {
    to: 'E',
    from: ['Disabled', 'A', 'B', 'C', 'F'],
    does: ['lockNotWanted', 'stopRelayTimer', 'powerOff', 'steady'],
    says: [],
  },
  { to: 'E', from: ['B', 'C'], does: [], says: ['BCDtoEF', 'BCDtoE'] },
  {
    to: 'F',
    from: ['Disabled', 'A', 'B', 'C', 'E'],
    does: ['stopRelayTimer', 'powerOff', 'startUnlockTimer'],
    says: [],
  },
  { to: 'F', from: ['B', 'C'], does: [], says: ['BCDtoEF'] },
  { to: 'Disabled', from: ['F'], does: ['stopUnlockTimer'], says: [] },
  { to: 'A', from: ['F'], does: ['stopUnlockTimer'], says: [] },
  { to: 'B', from: ['F'], does: ['stopUnlockTimer'], says: [] },
  { to: 'C', from: ['F'], does: ['stopUnlockTimer'], says: [] },
  { to: 'E', from: ['F'], does: ['stopUnlockTimer'], says: [] },
];

/** The rows that apply to a change, in order. */
export function rulesFor(change: { from: PilotState; to: PilotState; plugged: boolean }): readonly PilotRule[] {
  return pilotTable.filter(
    ({ to, from, plugged }) =>
      to === change.to && from.includes(change.from) && (plugged === undefined || plugged === change.plugged),
  );
}
