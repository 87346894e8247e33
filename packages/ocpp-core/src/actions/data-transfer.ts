import type { DataTransferRequest, DataTransferResponse } from '../ocpp-types.ts';
import type { Messenger } from '../queue/messenger.ts';
import { responseOf } from '../rpc/typed.ts';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.6 */
export const dataTransfer: IncomingAction<'DataTransfer'> = {
  action: 'DataTransfer',
  profile: 'Core',
  async handle({ station }, request) {
    const response = await station.dataTransfer?.(request);
    return { response: response ?? { status: 'UnknownVendorId' } };
  },
};

/** Sends a DataTransfer of the station. Where the CSMS is not there to hear it, it is not kept. @see OCPP 1.6, 4.3 */
export function sendDataTransfer(
  messenger: Messenger,
  request: DataTransferRequest,
  online: boolean,
): Promise<DataTransferResponse | { status: 'Offline' }> {
  if (!online) return Promise.resolve({ status: 'Offline' });
  return new Promise((resolve) => {
    messenger.send('DataTransfer', request, {
      onOutcome: (outcome) => {
        switch (outcome.kind) {
          case 'answered':
            return resolve(responseOf('DataTransfer', outcome.payload));
          case 'refused':
            return resolve({ status: 'Rejected' });
          case 'timeout':
          case 'undelivered':
            return resolve({ status: 'Offline' });
        }
      },
    });
  });
}
