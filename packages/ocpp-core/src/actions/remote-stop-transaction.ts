import { messageOf } from '@chargemesh/base';
import { csmsTransactionId } from '../transactions/ids.ts';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.12 */
export const remoteStopTransaction: IncomingAction<'RemoteStopTransaction'> = {
  action: 'RemoteStopTransaction',
  profile: 'Core',
  handle({ registration, transactions, station, log }, { transactionId }) {
    const transaction = transactions.byTransactionId(csmsTransactionId(transactionId));
    if (!transaction || registration.status !== 'Accepted') return { response: { status: 'Rejected' } };
    const { connectorId } = transaction;
    return {
      response: { status: 'Accepted' },
      afterwards: () =>
        void station.stopTransaction(connectorId, { reason: 'Remote' }).catch((thrown: unknown) => {
          log.error('the station could not stop a transaction', { connectorId, error: messageOf(thrown) });
        }),
    };
  },
};
