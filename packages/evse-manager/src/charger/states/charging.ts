import type { StateFactory } from '../charger-context.ts';
import { mustStop } from '../stop-conditions.ts';

/** Power flows, or may. The offer follows the limit. */
export const charging: StateFactory = (context) => {
  const { pilot, offer, limit, events } = context;
  return {
    enter: () => {
      context.wokenUp = false;
      events.chargingStarted();
      pilot.grantPower('FullPowerCharging');
    },
    step: () => {
      if (mustStop(context) || context.pauseRequested || !pilot.carWantsPower || !limit.hasPower)
        return { name: 'StoppingCharging' };
      offer.offer(limit.limitA ?? 0);
      return undefined;
    },
  };
};
