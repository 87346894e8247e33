import type { StateFactory } from '../charger-context.ts';

/** Waits for a car. While a fault is active the pilot shows F, so that a car is not taken in. */
export const idle: StateFactory = (context) => {
  let showsF = false;
  return {
    enter: () => {
      context.wokenUp = false;
      context.forgetSession();
      context.events.clearSessionFaults();
      context.pilot.steady();
    },
    step: () => {
      if (context.disableRequested) {
        if (context.session.isOpen) context.session.close();
        return { name: 'Disabled' };
      }
      const faulty = context.shutdown !== 'none';
      if (faulty !== showsF) {
        showsF = faulty;
        if (faulty) context.pilot.showF();
        else context.pilot.steady();
      }
      return context.pilot.plugged && !faulty ? { name: 'WaitingForAuthentication' } : undefined;
    },
  };
};
