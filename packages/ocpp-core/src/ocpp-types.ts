/** Words of OCPP 1.6 that the public interface of this library uses. */

/** The states of a connector, Faulted included. @see OCPP 1.6, 4.9 */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** @see OCPP 1.6, 7.6 ChargePointErrorCode */
export type ErrorCode =
  | 'ConnectorLockFailure'
  | 'EVCommunicationError'
  | 'GroundFailure'
  | 'HighTemperature'
  | 'InternalError'
  | 'LocalListConflict'
  | 'NoError'
  | 'OtherError'
  | 'OverCurrentFailure'
  | 'OverVoltage'
  | 'PowerMeterFailure'
  | 'PowerSwitchFailure'
  | 'ReaderFailure'
  | 'ResetFailure'
  | 'UnderVoltage'
  | 'WeakSignal';

/** Why a transaction ended. @see OCPP 1.6, 7.37 Reason */
export type StopReason =
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'EVDisconnected'
  | 'HardReset'
  | 'Local'
  | 'Other'
  | 'PowerLoss'
  | 'Reboot'
  | 'Remote'
  | 'SoftReset'
  | 'UnlockCommand';

/** @see OCPP 1.6, 7.2 AuthorizationStatus */
export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';

/** @see OCPP 1.6, 7.42 ResetType */
export type ResetType = 'Hard' | 'Soft';

/** @see OCPP 1.6, 7.41 RegistrationStatus */
export type RegistrationStatus = 'Accepted' | 'Pending' | 'Rejected';

/** Whether a connector may be used at all. @see OCPP 1.6, 7.4 AvailabilityType */
export type AvailabilityType = 'Operative' | 'Inoperative';

/** What is known of an idTag. @see OCPP 1.6, 7.27 IdTagInfo */
export interface IdTagInfo {
  readonly status: AuthorizationStatus;
  /** RFC 3339. */
  readonly expiryDate?: string;
  readonly parentIdTag?: string;
}

/** @see OCPP 1.6, 6.13 */
export interface DataTransferRequest {
  readonly vendorId: string;
  readonly messageId?: string;
  readonly data?: string;
}

/** @see OCPP 1.6, 6.14 */
export interface DataTransferResponse {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
  readonly data?: string;
}

/** Why the station started. */
export type BootReason =
  | 'ApplicationReset'
  | 'FirmwareUpdate'
  | 'LocalReset'
  | 'PowerUp'
  | 'RemoteReset'
  | 'ScheduledReset'
  | 'Triggered'
  | 'Unknown'
  | 'Watchdog';

/** @see OCPP 1.6, 7.24 DiagnosticsStatus */
export type DiagnosticsStatus = 'Idle' | 'Uploaded' | 'UploadFailed' | 'Uploading';
