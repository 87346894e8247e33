import type { StateFactory } from '../charger-context.ts';
import { mustStop } from '../stop-conditions.ts';

/** How long the board is left alone after it has opened the relay by itself, so that no relay is made to chatter. */
export const CLOSE_AGAIN_AFTER_MS = 5_000;

/**
 * Power flows, or may. The offer follows the limit. A relay that the board opened without being told and without a fault, as its dead man
 * does, is closed again after a while, with the offer shown anew since the board may have dropped it too.
 */
export const charging: StateFactory = (context) => {
  const { pilot, offer, limit, events } = context;
  let closeAgainAtMs: number | undefined;

  const grant = (): void => {
    offer.offer(limit.limitA ?? 0);
    pilot.grantPower('FullPowerCharging');
  };

  return {
    enter: () => {
      context.wokenUp = false;
      events.chargingStarted();
      grant();
    },
    step: () => {
      if (mustStop(context) || context.pauseRequested || !pilot.carWantsPower || !limit.hasPower)
        return { name: 'StoppingCharging' };
      offer.offer(limit.limitA ?? 0);
      if (!pilot.relayOpen) closeAgainAtMs = undefined;
      else if (closeAgainAtMs === undefined) closeAgainAtMs = context.nowMs + CLOSE_AGAIN_AFTER_MS;
      else if (context.nowMs >= closeAgainAtMs) {
        closeAgainAtMs = undefined;
        offer.stop();
        grant();
      }
      return undefined;
    },
    get dueMs() {
      return closeAgainAtMs;
    },
  };
};
