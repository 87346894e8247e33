import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.4 */
export const clearCache: IncomingAction<'ClearCache'> = {
  action: 'ClearCache',
  profile: 'Core',
  handle({ configuration, cache }) {
    if (configuration.get('AuthorizationCacheEnabled') !== true) return { response: { status: 'Rejected' } };
    cache.clear();
    return { response: { status: 'Accepted' } };
  },
};
