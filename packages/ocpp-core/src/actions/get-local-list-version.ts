import type { IncomingAction } from './incoming-action.ts';

/** How a station without a list answers. */
const NOT_SUPPORTED = -1;

/** Answered even where the list is off: by -1. @see OCPP 1.6, 5.10 */
export const getLocalListVersion: IncomingAction<'GetLocalListVersion'> = {
  action: 'GetLocalListVersion',
  profile: 'always',
  handle: ({ localList }) => ({ response: { listVersion: localList.enabled ? localList.version : NOT_SUPPORTED } }),
};
