import type { StateFactory } from '../charger-context.ts';

/** Out of service: the pilot shows F and the board is off. */
export const disabled: StateFactory = (context) => ({
  enter: () => {
    context.pilot.disable();
    context.events.disabled();
  },
  step: () => {
    if (context.disableRequested) return undefined;
    context.pilot.enable();
    return { name: 'Idle' };
  },
});
