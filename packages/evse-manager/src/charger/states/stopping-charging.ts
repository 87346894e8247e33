import type { StateFactory } from '../charger-context.ts';
import { endsForGood } from '../stop-conditions.ts';

/** How long the car may take to end the load before the relay opens under it, whatever the pilot says. */
export const FORCE_OPEN_AFTER_MS = 20_000;
/** How long a relay that was told to open is waited for. A welded one must not keep a transaction open for ever. */
export const GIVE_UP_ON_RELAY_AFTER_MS = 30_000;

/** Takes the offer back and waits for the relay to open; what comes then depends on why. */
export const stoppingCharging: StateFactory = (context) => {
  const { pilot, offer, limit, events } = context;
  const { enteredAtMs } = context;
  let forcedOpen = false;
  return {
    enter: () => {
      context.wokenUp = false;
      events.stoppingCharging();
      offer.stop();
    },
    step: () => {
      if (!forcedOpen && context.nowMs >= enteredAtMs + FORCE_OPEN_AFTER_MS) {
        forcedOpen = true;
        pilot.powerOff();
      }
      if (!pilot.relayOpen && context.nowMs < enteredAtMs + GIVE_UP_ON_RELAY_AFTER_MS) return undefined;
      if (endsForGood(context)) return { name: 'Finished' };
      if (!pilot.plugged) return { name: 'ChargingPausedEV' };
      if (!limit.hasPower || context.pauseRequested || context.shutdown !== 'none')
        return { name: 'ChargingPausedEVSE' };
      return { name: 'ChargingPausedEV' };
    },
    get dueMs() {
      return enteredAtMs + (forcedOpen ? GIVE_UP_ON_RELAY_AFTER_MS : FORCE_OPEN_AFTER_MS);
    },
  };
};
