import type { ChargerContext, StateFactory } from '../charger-context.ts';
import type { PauseReason } from '../charger-state.ts';
import { endsForGood } from '../stop-conditions.ts';

/**
 * The EVSE holds charging back. Each change of the reasons is told, so the event may repeat with other contents; without a reason left
 * charging goes on.
 */
export const chargingPausedEvse: StateFactory = (context) => {
  const { pilot, offer, events } = context;
  let told = '';
  let faulty = context.shutdown !== 'none';
  let showsFUntilMs: number | undefined;
  return {
    enter: () => offer.stop(),
    step: () => {
      if (endsForGood(context)) return { name: 'StoppingCharging' };
      const wasFaulty = faulty;
      faulty = context.shutdown !== 'none';
      if (faulty && !wasFaulty && context.showFAfterFaultMs > 0) {
        showsFUntilMs = context.nowMs + context.showFAfterFaultMs;
        pilot.showF();
      }
      if (showsFUntilMs !== undefined && context.nowMs >= showsFUntilMs) {
        showsFUntilMs = undefined;
        pilot.steady();
      }
      const reasons = pauseReasons(context);
      if (reasons.length === 0) return { name: 'PrepareCharging' };
      if (reasons.join() !== told) {
        told = reasons.join();
        events.chargingPausedEvse(reasons);
      }
      return undefined;
    },
    get dueMs() {
      return showsFUntilMs;
    },
  };
};

function pauseReasons({ shutdown, limit, pauseRequested }: ChargerContext): readonly PauseReason[] {
  const reasons: PauseReason[] = [];
  if (shutdown !== 'none') reasons.push('Error');
  if (!limit.hasPower) reasons.push('NoEnergy');
  if (pauseRequested) reasons.push('UserPause');
  return reasons;
}
