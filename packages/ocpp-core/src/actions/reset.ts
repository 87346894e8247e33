import { messageOf } from '@chargemesh/base';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.14 */
export const reset: IncomingAction<'Reset'> = {
  action: 'Reset',
  profile: 'Core',
  async handle({ station, resetter, log }, { type }) {
    const allowed = await station.isResetAllowed(type).catch((thrown: unknown) => {
      log.error('the station does not say whether it may be reset', { error: messageOf(thrown) });
      return false;
    });
    if (!allowed) return { response: { status: 'Rejected' } };
    return { response: { status: 'Accepted' }, afterwards: () => resetter.reset(type) };
  },
};
