import type { StateFactory } from '../charger-context.ts';

/** The transaction is over; the session is over when the car is unplugged too. A car that stays is not charged again. */
export const finished: StateFactory = (context) => {
  const { session, pilot } = context;
  return {
    enter: () => {
      context.giveUpCar();
      if (session.transaction === 'active') session.endTransaction();
      pilot.powerOff();
    },
    step: () => {
      if (session.transaction === 'stopping') return undefined;
      if (context.carPlugged && !context.disableRequested) return undefined;
      session.close();
      return { name: context.disableRequested ? 'Disabled' : 'Idle' };
    },
  };
};
