import { messageOf } from '@chargemesh/base';
import { attemptsOf } from './file-request.ts';
import type { IncomingAction } from './incoming-action.ts';
import { requiredTimestamp } from './required-timestamp.ts';

/** A name of a file in an answer. */
const LONGEST_NAME = 255;

/** @see OCPP 1.6, 5.9 */
export const getDiagnostics: IncomingAction<'GetDiagnostics'> = {
  action: 'GetDiagnostics',
  profile: 'FirmwareManagement',
  async handle({ station, log }, { location, startTime, stopTime, retries, retryInterval }) {
    const oldestMs = startTime === undefined ? undefined : requiredTimestamp('startTime', startTime);
    const latestMs = stopTime === undefined ? undefined : requiredTimestamp('stopTime', stopTime);
    try {
      const fileName = await station.uploadDiagnostics({
        location,
        ...attemptsOf(retries, retryInterval),
        ...(oldestMs !== undefined && { oldestMs }),
        ...(latestMs !== undefined && { latestMs }),
      });
      return { response: fileName === undefined ? {} : { fileName: fileName.slice(0, LONGEST_NAME) } };
    } catch (thrown) {
      log.error('the station could not upload its diagnostics', { error: messageOf(thrown) });
      return { response: {} };
    }
  },
};
