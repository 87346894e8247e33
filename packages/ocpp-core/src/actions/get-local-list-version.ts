import type { IncomingAction } from './incoming-action.ts';

/** -1: local lists are not kept here. @see OCPP 1.6, 5.10 */
export const getLocalListVersion: IncomingAction<'GetLocalListVersion'> = {
  action: 'GetLocalListVersion',
  profile: 'always',
  handle: () => ({ response: { listVersion: -1 } }),
};
