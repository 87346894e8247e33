import { messageOf } from '@chargemesh/base';
import type { Engine } from '../engine.ts';
import type { Request } from '../rpc/typed.ts';
import { supportsProfile } from './feature-profiles.ts';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.11 (C-110 … C-117, D25) */
export const remoteStartTransaction: IncomingAction<'RemoteStartTransaction'> = {
  action: 'RemoteStartTransaction',
  profile: 'Core',
  async handle(engine, request) {
    const connectorIds = mayStart(engine, request) ? await usableConnectors(engine, request) : [];
    if (connectorIds.length === 0) return { response: { status: 'Rejected' } };
    const { configuration, station, log } = engine;
    const prevalidated = configuration.get('AuthorizeRemoteTxRequests') !== true;
    const start = async (): Promise<void> => {
      await station.remoteStart({ idTag: request.idTag, connectorIds, prevalidated });
    };
    return {
      response: { status: 'Accepted' },
      afterwards: () =>
        void start().catch((thrown) => log.error('the station could not start', { error: messageOf(thrown) })),
    };
  },
};

function mayStart({ registration, configuration }: Engine, request: Request<'RemoteStartTransaction'>): boolean {
  // While Pending the CSMS may configure the station, not charge with it (C-71).
  if (registration.status !== 'Accepted') return false;
  // To charge without the limit that came along would break it. A station without smart charging is told by the standard to ignore it.
  if (request.chargingProfile && supportsProfile(configuration, 'SmartCharging')) return false;
  return !(
    request.connectorId === undefined && configuration.get('RejectRemoteStartTransactionWithoutConnectorId') === true
  );
}

/** The connectors that could take the transaction: the one named, or all; or the first where the configuration wants one (C-113). */
async function usableConnectors(
  engine: Engine,
  request: Request<'RemoteStartTransaction'>,
): Promise<readonly number[]> {
  const { connectors, configuration } = engine;
  const { connectorId, idTag } = request;
  const candidates = connectorId === undefined ? connectors.ids : connectors.ids.filter((id) => id === connectorId);
  const usable: number[] = [];
  for (const id of candidates) if (await isUsable(engine, id, idTag)) usable.push(id);
  const findFirst = configuration.get('RemoteStartTransactionWithoutConnectorIdFindFirst') === true;
  return connectorId === undefined && findFirst ? usable.slice(0, 1) : usable;
}

async function isUsable(engine: Engine, connectorId: number, idTag: string): Promise<boolean> {
  const { connectors, transactions, station, log } = engine;
  if (transactions.on(connectorId)) return false;
  switch (connectors.status(connectorId)) {
    case 'Available':
    case 'Preparing':
      return true;
    case 'Reserved':
      try {
        const reservation = await station.reservationFor(connectorId, idTag);
        return reservation === 'NotReserved' || reservation === 'ReservedForToken';
      } catch (thrown) {
        log.error('the station does not say for whom a connector is reserved', {
          connectorId,
          error: messageOf(thrown),
        });
        return false;
      }
    case 'Charging':
    case 'SuspendedEV':
    case 'SuspendedEVSE':
    case 'Finishing':
    case 'Unavailable':
    case 'Faulted':
      return false;
  }
}
