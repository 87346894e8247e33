import { messageOf } from '@chargemesh/base';
import { attemptsOf } from './file-request.ts';
import type { IncomingAction } from './incoming-action.ts';
import { requiredTimestamp } from './required-timestamp.ts';

/** Answered at once: what becomes of it is told by FirmwareStatusNotification. @see OCPP 1.6, 5.19 */
export const updateFirmware: IncomingAction<'UpdateFirmware'> = {
  action: 'UpdateFirmware',
  profile: 'FirmwareManagement',
  handle({ station, log }, { location, retrieveDate, retries, retryInterval }) {
    const retrieveMs = requiredTimestamp('retrieveDate', retrieveDate);
    const request = { location, retrieveMs, ...attemptsOf(retries, retryInterval) };
    return {
      response: {},
      afterwards: () => {
        station.updateFirmware(request).catch((thrown: unknown) => {
          log.error('the station could not begin its update', { error: messageOf(thrown) });
        });
      },
    };
  },
};
