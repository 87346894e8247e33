import type { IncomingAction } from './incoming-action.ts';

/** Reservations are not taken here. @see OCPP 1.6, 5.13 */
export const reserveNow: IncomingAction<'ReserveNow'> = {
  action: 'ReserveNow',
  profile: 'always',
  handle: () => ({ response: { status: 'Rejected' } }),
};
