import type { types } from '@chargemesh/contracts';
import type { DiagnosticsStatus, FirmwareStatus } from '@chargemesh/ocpp-core';

type Log = types.system.LogStatusEnum;
type Firmware = types.system.FirmwareUpdateStatusEnum;

/** What OCPP 1.6 has no word for is a failure to it: the next upload tells of its own. @see reference ocpp16.md, E-60 and E-61 */
const DIAGNOSTICS: Readonly<Record<Log, DiagnosticsStatus>> = {
  Idle: 'Idle',
  Uploading: 'Uploading',
  Uploaded: 'Uploaded',
  UploadFailure: 'UploadFailed',
  AcceptedCanceled: 'UploadFailed',
  BadMessage: 'UploadFailed',
  NotSupportedOperation: 'UploadFailed',
  PermissionDenied: 'UploadFailed',
};

/** Undefined where an unsigned update has no such step (E-50). */
const FIRMWARE: Readonly<Record<Firmware, FirmwareStatus | undefined>> = {
  Downloaded: 'Downloaded',
  DownloadFailed: 'DownloadFailed',
  Downloading: 'Downloading',
  Idle: 'Idle',
  InstallationFailed: 'InstallationFailed',
  Installing: 'Installing',
  Installed: 'Installed',
  DownloadScheduled: undefined,
  DownloadPaused: undefined,
  InstallRebooting: undefined,
  InstallScheduled: undefined,
  InstallVerificationFailed: undefined,
  InvalidSignature: undefined,
  SignatureVerified: undefined,
};

/** The number of requests that have none: diagnostics and unsigned firmware. */
export const NO_NUMBER: number = -1;

/** The status of an upload of diagnostics; undefined for one of a log that was asked for by number. */
export function diagnosticsStatus({ log_status, request_id }: types.system.LogStatus): DiagnosticsStatus | undefined {
  return request_id === NO_NUMBER ? DIAGNOSTICS[log_status] : undefined;
}

/** The status of an unsigned update; undefined for a signed one, and where there is no word for it. */
export function firmwareStatus(status: types.system.FirmwareUpdateStatus): FirmwareStatus | undefined {
  return status.request_id === NO_NUMBER ? FIRMWARE[status.firmware_update_status] : undefined;
}
