import { messageOf } from '@chargemesh/base';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.18 (A-28, D22) */
export const unlockConnector: IncomingAction<'UnlockConnector'> = {
  action: 'UnlockConnector',
  profile: 'Core',
  async handle({ station, connectors, configuration, transactions, log }, { connectorId }) {
    if (connectorId < 1 || !connectors.find(connectorId)) return { response: { status: 'NotSupported' } };
    const status = await station.unlockConnector(connectorId).catch((thrown: unknown) => {
      log.error('the station could not unlock a connector', { connectorId, error: messageOf(thrown) });
      return 'UnlockFailed' as const;
    });
    const stops = status === 'NotSupported' && configuration.get('StopTransactionIfUnlockNotSupported') === true;
    if (!stops || !transactions.on(connectorId)) return { response: { status } };
    return {
      response: { status },
      afterwards: () =>
        void station.stopTransaction(connectorId, { reason: 'UnlockCommand' }).catch((thrown: unknown) => {
          log.error('the station could not stop a transaction', { connectorId, error: messageOf(thrown) });
        }),
    };
  },
};
