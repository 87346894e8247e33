import type { IncomingAction } from './incoming-action.ts';

/** Local lists are not kept here. @see OCPP 1.6, 5.15 */
export const sendLocalList: IncomingAction<'SendLocalList'> = {
  action: 'SendLocalList',
  profile: 'always',
  handle: () => ({ response: { status: 'NotSupported' } }),
};
