import { DEFAULT_PATIENCE_MS } from '@chargemesh/framework';
import type { Charger } from '../charger/charger.ts';
import type { ChargerLimit, TransactionPhase } from '../charger/charger-context.ts';
import type { ControlPilot } from '../iec/control-pilot.ts';
import type { SavedSession, Session } from './session.ts';
import type { SessionEvents } from './session-events.ts';

/** The parts of an EVSE that a session is taken up with. */
export interface GoingOn {
  readonly session: Session;
  readonly pilot: ControlPilot;
  readonly charger: Charger;
  readonly events: SessionEvents;
  readonly limit: ChargerLimit;
}

/**
 * Goes on with a session that another life of this module had begun.
 * @param life what was asked of it, and how long nobody has looked after the car
 */
export function goOn(saved: SavedSession, life: { pauseRequested: boolean; awayMs: number }, parts: GoingOn): void {
  const { session, pilot, charger, events, limit } = parts;
  session.restore(saved);
  const plugged = saved.transaction !== 'none' || saved.pluggedIn === true;
  // Of a card that came before the car only the session was written down: Auth knows that it was not taken.
  if (!plugged && !saved.authorization) session.close();
  if (plugged) pilot.enableWithCar();
  else pilot.enable();
  const isRunning = session.transaction === 'active';
  // Nothing may be offered: the board may still do so.
  if (!isRunning || !limit.hasPower) pilot.steady();
  // The board has let go of the car meanwhile.
  if (isRunning && life.awayMs > DEFAULT_PATIENCE_MS)
    events.publish('ChargingPausedEVSE', saved.id, { charging_paused_evse: { reasons: ['Error'] } });
  charger.resume(stateAfter(session.transaction, plugged), life.pauseRequested);
}

/** Where a charger goes on whose session stands so. */
function stateAfter(
  transaction: TransactionPhase,
  plugged: boolean,
): 'Idle' | 'WaitingForAuthentication' | 'PrepareCharging' | 'Finished' {
  switch (transaction) {
    case 'active':
    case 'stopping':
      return 'PrepareCharging';
    case 'ended':
    case 'refused':
      return 'Finished';
    case 'none':
    case 'starting':
      return plugged ? 'WaitingForAuthentication' : 'Idle';
  }
}
