import type { DataTransferRequest, DataTransferResponse, ResetType, StopReason } from './ocpp-types.ts';

/** What the CSMS asked to be started from afar. */
export interface RemoteStartRequest {
  readonly idTag: string;
  /** Its group, where the local list or the cache knows it. */
  readonly parentIdTag?: string;
  /** The connectors that may be used, in ascending order. More than one: the station picks. */
  readonly connectorIds: readonly number[];
  /** True where no Authorize is to be sent for this idTag (AuthorizeRemoteTxRequests is false). */
  readonly prevalidated: boolean;
}

/** How a connector stands to an idTag as far as reservations go. */
export type ReservationState =
  | 'NotReserved'
  | 'ReservedForToken'
  | 'ReservedForOtherToken'
  | 'ReservedForOtherTokenAndHasParentToken';

/** What the CSMS wants a connector, or with connector 0 any, to be kept for. */
export interface ReservationRequest {
  /** The CSMS's own number; one with the same number is replaced. */
  readonly reservationId: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly parentIdTag?: string;
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly expiryMs: number;
}

/** What came of a reservation. */
export type ReservationResult = 'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable';

/** How a file is to be fetched or brought. */
export interface FileRequest {
  /** The address: FTP, FTPS, HTTP or HTTPS. */
  readonly location: string;
  /** How often it is tried, the first time included; undefined: as the station likes. */
  readonly attempts?: number;
  readonly retryIntervalS?: number;
}

/** Which diagnostics the CSMS wants; times in milliseconds since the epoch. */
export interface DiagnosticsRequest extends FileRequest {
  readonly oldestMs?: number;
  readonly latestMs?: number;
}

/** A firmware without signature. */
export interface FirmwareRequest extends FileRequest {
  /** Not to be fetched before, in milliseconds since the epoch. */
  readonly retrieveMs: number;
}

/** What came of an attempt to release a cable. `NotSupported`: this connector has no lock. */
export type UnlockResult = 'Unlocked' | 'UnlockFailed' | 'NotSupported';

/**
 * What a charging station does for the protocol: everything that has an effect outside it. Whoever uses the library implements this.
 * Connector ids are OCPP's: 1 … N. A rejected promise is logged and counts as "did not work"; it never ends the charge point.
 */
export interface Station {
  /** Presents the idTag of a RemoteStartTransaction as if it had been swiped. The answer to the CSMS does not wait for its success. */
  remoteStart(request: RemoteStartRequest): void | Promise<void>;
  /**
   * Asks the EVSE to end the transaction on a connector. The end itself is reported by {@link ChargePoint.transactionFinished}.
   * @returns false where there is nothing to stop
   */
  stopTransaction(connectorId: number, request: { reason: StopReason; idTag?: string }): Promise<boolean>;
  pauseCharging(connectorId: number): Promise<boolean>;
  resumeCharging(connectorId: number): Promise<boolean>;
  /** Releases the cable. Where a transaction runs, it is stopped with UnlockCommand first (only if there is a lock to release). */
  unlockConnector(connectorId: number): Promise<UnlockResult>;
  /** Makes a connector (1 … N) operative or not. The change itself is reported by {@link ChargePoint.enabled} or `disabled`. */
  setAvailability(connectorId: number, operative: boolean): Promise<void>;
  isResetAllowed(type: ResetType): Promise<boolean>;
  /** Resets the station. All transactions have been stopped, or had WaitForStopTransactionsOnResetTimeout to stop. */
  reset(type: ResetType): Promise<void>;
  /** Sets the time that the CSMS told, in milliseconds since the epoch. */
  setSystemTime(epochMs: number): void | Promise<void>;
  /** How long a car or a card is waited for (ConnectionTimeOut), in seconds. Called at the start and on change. */
  setConnectionTimeout(timeoutS: number): void | Promise<void>;
  /** Whether a connector (0: the whole station) is reserved, and for whom. */
  reservationFor(connectorId: number, idTag: string, parentIdTag?: string): Promise<ReservationState>;
  /** Makes a reservation. That a connector is kept is reported by {@link ChargePoint.reservationStarted}. */
  reserve(request: ReservationRequest): Promise<ReservationResult>;
  /** @returns false where there is no reservation with that number */
  cancelReservation(reservationId: number): Promise<boolean>;
  /**
   * Begins to upload diagnostics, in the place of an upload that runs. How it goes on is reported by {@link ChargePoint.diagnosticsStatus}.
   * @returns the name of the file; undefined where there is none
   */
  uploadDiagnostics(request: DiagnosticsRequest): Promise<string | undefined>;
  /** Begins an update. How it goes on is reported by {@link ChargePoint.firmwareStatus}. */
  updateFirmware(request: FirmwareRequest): Promise<void>;
  /** No connector is in use: a firmware that was downloaded may be installed. */
  allowInstallation(): Promise<void>;
  /** Answers a DataTransfer of the CSMS. Where this is left out, each is answered UnknownVendorId. */
  dataTransfer?(request: DataTransferRequest): Promise<DataTransferResponse>;
}
