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
    const { idTag } = request;
    const parentIdTag = engine.authorizer.knownParent(idTag);
    const start = async (): Promise<void> => {
      await station.remoteStart({
        idTag,
        connectorIds,
        prevalidated,
        ...(parentIdTag !== undefined && { parentIdTag }),
      });
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
  const { connectors, transactions } = engine;
  if (transactions.on(connectorId)) return false;
  const status = connectors.status(connectorId);
  switch (status) {
    // The last word on reservations is the station's: it also knows those that are for no connector in particular.
    case 'Available':
    case 'Preparing':
    case 'Reserved':
      return isFreeFor(engine, connectorId, idTag, status === 'Reserved');
    case 'Charging':
    case 'SuspendedEV':
    case 'SuspendedEVSE':
    case 'Finishing':
    case 'Unavailable':
    case 'Faulted':
      return false;
  }
}

async function isFreeFor(engine: Engine, connectorId: number, idTag: string, reserved: boolean): Promise<boolean> {
  const { station, authorizer, configuration } = engine;
  try {
    switch (await station.reservationFor(connectorId, idTag, authorizer.knownParent(idTag))) {
      case 'NotReserved':
      case 'ReservedForToken':
        return true;
      // Whether the idTag is of that group the CSMS will say when it is asked; where it is not, nobody ever will (C-116).
      case 'ReservedForOtherTokenAndHasParentToken':
        return configuration.get('AuthorizeRemoteTxRequests') === true;
      case 'ReservedForOtherToken':
        return false;
    }
  } catch (thrown) {
    const error = messageOf(thrown);
    engine.log.error('the station does not say for whom a connector is reserved', { connectorId, error });
    return !reserved;
  }
}
