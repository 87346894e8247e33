import type { StateFactory } from '../charger-context.ts';
import { mustStop } from '../stop-conditions.ts';

/** How long a car may ignore the offer before it is woken. */
export const WAKE_UP_AFTER_MS = 30_000;
/** How long it may go on sleeping after that. */
export const GIVE_UP_AFTER_MS = 10_000;

/** Offers power and waits for the car to ask for it. */
export const prepareCharging: StateFactory = (context) => {
  const { pilot, offer, limit, events } = context;
  let offeredSinceMs: number | undefined;

  const patienceEndsMs = (): number | undefined =>
    offeredSinceMs === undefined ? undefined : offeredSinceMs + (context.wokenUp ? GIVE_UP_AFTER_MS : WAKE_UP_AFTER_MS);

  return {
    enter: () => events.prepareCharging(),
    step: () => {
      if (mustStop(context) || context.pauseRequested) return { name: 'StoppingCharging' };
      if (!pilot.plugged) return { name: 'ChargingPausedEV' };
      if (!limit.hasPower) {
        if (offer.running) offer.stop();
        offeredSinceMs = undefined;
        return undefined;
      }
      offer.offer(limit.limitA ?? 0);
      offeredSinceMs ??= context.nowMs;
      if (pilot.carWantsPower) return { name: 'Charging' };
      if (context.nowMs < (patienceEndsMs() ?? Number.POSITIVE_INFINITY)) return undefined;
      if (context.wokenUp) return { name: 'ChargingPausedEV' };
      context.wokenUp = true;
      return { name: 'T_step_EF', returnTo: 'PrepareCharging' };
    },
    get dueMs() {
      return patienceEndsMs();
    },
  };
};
