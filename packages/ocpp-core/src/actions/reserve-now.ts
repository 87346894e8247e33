import { messageOf } from '@chargemesh/base';
import type { Engine } from '../engine.ts';
import type { Request, Response } from '../rpc/typed.ts';
import { supportsProfile } from './feature-profiles.ts';
import type { IncomingAction } from './incoming-action.ts';
import { requiredTimestamp } from './required-timestamp.ts';

type Status = Response<'ReserveNow'>['status'];

/** Answered even where reservations are off: by their own word for it. @see OCPP 1.6, 5.13 */
export const reserveNow: IncomingAction<'ReserveNow'> = {
  action: 'ReserveNow',
  profile: 'always',
  async handle(engine, request) {
    const expiryMs = requiredTimestamp('expiryDate', request.expiryDate);
    return { response: { status: refusal(engine, request) ?? (await reserve(engine, request, expiryMs)) } };
  },
};

/** What can be said without asking the station. */
function refusal(
  { configuration, connectors }: Engine,
  { connectorId }: Request<'ReserveNow'>,
): Exclude<Status, 'Accepted'> | undefined {
  if (!supportsProfile(configuration, 'Reservation') || !connectors.find(connectorId)) return 'Rejected';
  if (connectorId === 0) return configuration.get('ReserveConnectorZeroSupported') === true ? undefined : 'Rejected';
  const status = connectors.status(connectorId);
  if (status === 'Faulted') return 'Faulted';
  return status === 'Preparing' ? 'Occupied' : undefined;
}

async function reserve(
  { station, log }: Engine,
  { reservationId, connectorId, idTag, parentIdTag }: Request<'ReserveNow'>,
  expiryMs: number,
): Promise<Status> {
  try {
    return await station.reserve({
      reservationId,
      connectorId,
      idTag,
      expiryMs,
      ...(parentIdTag !== undefined && { parentIdTag }),
    });
  } catch (thrown) {
    log.error('the station could not make a reservation', { connectorId, error: messageOf(thrown) });
    return 'Rejected';
  }
}
