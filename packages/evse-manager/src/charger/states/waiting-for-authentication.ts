import type { StateFactory } from '../charger-context.ts';

/** A car is plugged in. Goes on when somebody is authorised and the meter has begun the transaction. */
export const waitingForAuthentication: StateFactory = (context) => {
  const { session, pilot, events } = context;
  return {
    enter: () => {
      pilot.powerOff();
      if (!session.isOpen) session.openByPlug();
      events.authRequired();
    },
    step: () => {
      // The meter is asked once; whatever happens meanwhile is looked at when it has answered.
      if (session.transaction === 'starting') return undefined;
      if (context.shutdown !== 'none' || !context.carPlugged || context.disableRequested) return { name: 'Finished' };
      if (session.transaction === 'active') return { name: 'PrepareCharging' };
      if (session.authorized && session.transaction === 'none' && context.limit.limitA !== undefined)
        session.beginTransaction();
      return undefined;
    },
  };
};
