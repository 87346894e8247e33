import type { ChargerContext } from './charger-context.ts';
import type { PauseReason } from './charger-state.ts';

/** Why the EVSE holds charging back now. */
export function pauseReasons({ shutdown, limit, pauseRequested }: ChargerContext): readonly PauseReason[] {
  const reasons: PauseReason[] = [];
  if (shutdown !== 'none') reasons.push('Error');
  if (!limit.hasPower) reasons.push('NoEnergy');
  if (pauseRequested) reasons.push('UserPause');
  return reasons;
}
