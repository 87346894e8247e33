import { messageOf } from '@chargemesh/base';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.1 */
export const cancelReservation: IncomingAction<'CancelReservation'> = {
  action: 'CancelReservation',
  profile: 'Reservation',
  async handle({ station, log }, { reservationId }) {
    const cancelled = await station.cancelReservation(reservationId).catch((thrown: unknown) => {
      log.error('the station could not cancel a reservation', { reservationId, error: messageOf(thrown) });
      return false;
    });
    return { response: { status: cancelled ? 'Accepted' : 'Rejected' } };
  },
};
