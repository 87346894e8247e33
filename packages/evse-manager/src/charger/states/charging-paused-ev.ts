import type { StateFactory } from '../charger-context.ts';
import { endsForGood } from '../stop-conditions.ts';

/** The car takes a break. The offer stays, so that it can go on by itself; a car that was unplugged and is waited for has none meanwhile. */
export const chargingPausedEv: StateFactory = (context) => {
  const { pilot, offer, limit, events } = context;
  return {
    enter: () => events.chargingPausedEv(),
    step: () => {
      if (endsForGood(context)) return { name: 'StoppingCharging' };
      if (!pilot.plugged) return undefined;
      if (!limit.hasPower || context.pauseRequested || context.shutdown !== 'none')
        return { name: 'ChargingPausedEVSE' };
      if (pilot.carWantsPower) return { name: 'PrepareCharging' };
      offer.offer(limit.limitA ?? 0);
      return undefined;
    },
  };
};
