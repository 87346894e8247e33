import type {
  AvailabilityType,
  ConnectorStatus,
  DataTransferRequest,
  DataTransferResponse,
  ErrorCode,
  IdTagInfo,
  RegistrationStatus,
  ResetType,
  StopReason,
} from '../ocpp-types.ts';

/** An answer or request without fields. */
export type Empty = Readonly<Record<string, never>>;

type AcceptedOrRejected = 'Accepted' | 'Rejected';

/** What a sampled value measures. @see OCPP 1.6, 7.31 Measurand */
export type Measurand =
  | 'Current.Export'
  | 'Current.Import'
  | 'Current.Offered'
  | 'Energy.Active.Export.Interval'
  | 'Energy.Active.Export.Register'
  | 'Energy.Active.Import.Interval'
  | 'Energy.Active.Import.Register'
  | 'Energy.Reactive.Export.Interval'
  | 'Energy.Reactive.Export.Register'
  | 'Energy.Reactive.Import.Interval'
  | 'Energy.Reactive.Import.Register'
  | 'Frequency'
  | 'Power.Active.Export'
  | 'Power.Active.Import'
  | 'Power.Factor'
  | 'Power.Offered'
  | 'Power.Reactive.Export'
  | 'Power.Reactive.Import'
  | 'RPM'
  | 'SoC'
  | 'Temperature'
  | 'Voltage';

/** Why a value was taken. @see OCPP 1.6, 7.40 ReadingContext */
export type ReadingContext =
  | 'Interruption.Begin'
  | 'Interruption.End'
  | 'Other'
  | 'Sample.Clock'
  | 'Sample.Periodic'
  | 'Transaction.Begin'
  | 'Transaction.End'
  | 'Trigger';

/** @see OCPP 1.6, 7.30 Location */
export type MeterLocation = 'Body' | 'Cable' | 'EV' | 'Inlet' | 'Outlet';

/** @see OCPP 1.6, 7.36 Phase */
export type MeterPhase = 'L1' | 'L2' | 'L3' | 'N' | 'L1-N' | 'L2-N' | 'L3-N' | 'L1-L2' | 'L2-L3' | 'L3-L1';

/** @see OCPP 1.6, 7.45 UnitOfMeasure */
export type MeterUnit =
  | 'A'
  | 'Celsius'
  | 'Fahrenheit'
  | 'K'
  | 'Percent'
  | 'V'
  | 'VA'
  | 'W'
  | 'Wh'
  | 'kVA'
  | 'kW'
  | 'kWh'
  | 'kvar'
  | 'kvarh'
  | 'var'
  | 'varh';

/** @see OCPP 1.6, 7.43 SampledValue */
export interface SampledValue {
  readonly context?: ReadingContext;
  readonly format?: 'Raw' | 'SignedData';
  readonly location?: MeterLocation;
  readonly measurand?: Measurand;
  readonly phase?: MeterPhase;
  readonly unit?: MeterUnit;
  readonly value: string;
}

/** Values that were taken at one time. @see OCPP 1.6, 7.33 MeterValue */
export interface MeterValue {
  readonly sampledValue: readonly SampledValue[];
  /** RFC 3339, UTC. */
  readonly timestamp: string;
}

/** @see OCPP 1.6, 7.12 ChargingRateUnitType */
export type ChargingRateUnit = 'A' | 'W';

/** @see OCPP 1.6, 7.10 ChargingProfilePurposeType */
export type ChargingProfilePurpose = 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile';

/** @see OCPP 1.6, 7.14 ChargingSchedulePeriod */
export interface ChargingSchedulePeriod {
  /** Seconds from the schedule's start. */
  readonly startPeriod: number;
  /** In the schedule's unit, at most one decimal. */
  readonly limit: number;
  readonly numberPhases?: number;
}

/** @see OCPP 1.6, 7.13 ChargingSchedule */
export interface ChargingSchedule {
  /** Seconds. */
  readonly duration?: number;
  readonly startSchedule?: string;
  readonly chargingRateUnit: ChargingRateUnit;
  readonly chargingSchedulePeriod: readonly ChargingSchedulePeriod[];
  readonly minChargingRate?: number;
}

/** @see OCPP 1.6, 7.8 ChargingProfile */
export interface ChargingProfile {
  readonly chargingProfileId: number;
  readonly transactionId?: number;
  readonly stackLevel: number;
  readonly chargingProfilePurpose: ChargingProfilePurpose;
  readonly chargingProfileKind: 'Absolute' | 'Recurring' | 'Relative';
  readonly recurrencyKind?: 'Daily' | 'Weekly';
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly chargingSchedule: ChargingSchedule;
}

/** One key of the configuration as it is told. @see OCPP 1.6, 7.29 KeyValue */
export interface KeyValue {
  readonly key: string;
  readonly readonly: boolean;
  readonly value?: string;
}

/** One entry of the local authorisation list; without idTagInfo it deletes. @see OCPP 1.6, 7.1 AuthorizationData */
export interface AuthorizationData {
  readonly idTag: string;
  readonly idTagInfo?: IdTagInfo;
}

/** Names a certificate without holding it. @see OCPP 1.6 security whitepaper, 5.2 */
export interface CertificateHashData {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** @see OCPP 1.6 security whitepaper, 5.3 */
export type CertificateUse = 'CentralSystemRootCertificate' | 'ManufacturerRootCertificate';

/** @see OCPP 1.6, 7.25 FirmwareStatus */
export type FirmwareStatus =
  | 'Downloaded'
  | 'DownloadFailed'
  | 'Downloading'
  | 'Idle'
  | 'InstallationFailed'
  | 'Installed'
  | 'Installing';

/** @see OCPP 1.6 security whitepaper, 5.5 */
export type SignedFirmwareStatus =
  | FirmwareStatus
  | 'DownloadPaused'
  | 'DownloadScheduled'
  | 'InstallRebooting'
  | 'InstallScheduled'
  | 'InstallVerificationFailed'
  | 'InvalidSignature'
  | 'SignatureVerified';

/** @see OCPP 1.6 security whitepaper, 5.15 */
export type UploadLogStatus =
  | 'BadMessage'
  | 'Idle'
  | 'NotSupportedOperation'
  | 'PermissionDenied'
  | 'UploadFailure'
  | 'Uploaded'
  | 'Uploading';

/** The payloads of all messages of OCPP 1.6 and its security whitepaper, by action. */
export interface Messages {
  Authorize: { request: { readonly idTag: string }; response: { readonly idTagInfo: IdTagInfo } };
  BootNotification: {
    request: {
      readonly chargeBoxSerialNumber?: string;
      readonly chargePointModel: string;
      readonly chargePointSerialNumber?: string;
      readonly chargePointVendor: string;
      readonly firmwareVersion?: string;
      readonly iccid?: string;
      readonly imsi?: string;
      readonly meterSerialNumber?: string;
      readonly meterType?: string;
    };
    response: {
      readonly status: RegistrationStatus;
      readonly currentTime: string;
      /** Seconds. */
      readonly interval: number;
    };
  };
  CancelReservation: { request: { readonly reservationId: number }; response: { readonly status: AcceptedOrRejected } };
  CertificateSigned: {
    request: { readonly certificateChain: string };
    response: { readonly status: AcceptedOrRejected };
  };
  ChangeAvailability: {
    request: { readonly connectorId: number; readonly type: AvailabilityType };
    response: { readonly status: AcceptedOrRejected | 'Scheduled' };
  };
  ChangeConfiguration: {
    request: { readonly key: string; readonly value: string };
    response: { readonly status: AcceptedOrRejected | 'NotSupported' | 'RebootRequired' };
  };
  ClearCache: { request: Empty; response: { readonly status: AcceptedOrRejected } };
  ClearChargingProfile: {
    request: {
      readonly id?: number;
      readonly connectorId?: number;
      readonly chargingProfilePurpose?: ChargingProfilePurpose;
      readonly stackLevel?: number;
    };
    response: { readonly status: 'Accepted' | 'Unknown' };
  };
  DataTransfer: { request: DataTransferRequest; response: DataTransferResponse };
  DeleteCertificate: {
    request: { readonly certificateHashData: CertificateHashData };
    response: { readonly status: 'Accepted' | 'Failed' | 'NotFound' };
  };
  DiagnosticsStatusNotification: {
    request: { readonly status: 'Idle' | 'Uploaded' | 'UploadFailed' | 'Uploading' };
    response: Empty;
  };
  ExtendedTriggerMessage: {
    request: {
      readonly requestedMessage:
        | 'BootNotification'
        | 'FirmwareStatusNotification'
        | 'Heartbeat'
        | 'LogStatusNotification'
        | 'MeterValues'
        | 'SignChargePointCertificate'
        | 'StatusNotification';
      readonly connectorId?: number;
    };
    response: { readonly status: AcceptedOrRejected | 'NotImplemented' };
  };
  FirmwareStatusNotification: { request: { readonly status: FirmwareStatus }; response: Empty };
  GetCompositeSchedule: {
    request: { readonly connectorId: number; readonly duration: number; readonly chargingRateUnit?: ChargingRateUnit };
    response: {
      readonly status: AcceptedOrRejected;
      readonly connectorId?: number;
      readonly scheduleStart?: string;
      readonly chargingSchedule?: ChargingSchedule;
    };
  };
  GetConfiguration: {
    request: { readonly key?: readonly string[] };
    response: { readonly configurationKey?: readonly KeyValue[]; readonly unknownKey?: readonly string[] };
  };
  GetDiagnostics: {
    request: {
      readonly location: string;
      readonly retries?: number;
      readonly retryInterval?: number;
      readonly startTime?: string;
      readonly stopTime?: string;
    };
    response: { readonly fileName?: string };
  };
  GetInstalledCertificateIds: {
    request: { readonly certificateType: CertificateUse };
    response: {
      readonly status: 'Accepted' | 'NotFound';
      readonly certificateHashData?: readonly CertificateHashData[];
    };
  };
  GetLocalListVersion: { request: Empty; response: { readonly listVersion: number } };
  GetLog: {
    request: {
      readonly log: {
        readonly remoteLocation: string;
        readonly oldestTimestamp?: string;
        readonly latestTimestamp?: string;
      };
      readonly logType: 'DiagnosticsLog' | 'SecurityLog';
      readonly requestId: number;
      readonly retries?: number;
      readonly retryInterval?: number;
    };
    response: { readonly status: AcceptedOrRejected | 'AcceptedCanceled'; readonly filename?: string };
  };
  Heartbeat: { request: Empty; response: { readonly currentTime: string } };
  InstallCertificate: {
    request: { readonly certificateType: CertificateUse; readonly certificate: string };
    response: { readonly status: AcceptedOrRejected | 'Failed' };
  };
  LogStatusNotification: {
    request: { readonly status: UploadLogStatus; readonly requestId?: number };
    response: Empty;
  };
  MeterValues: {
    request: {
      readonly connectorId: number;
      readonly meterValue: readonly MeterValue[];
      readonly transactionId?: number;
    };
    response: Empty;
  };
  RemoteStartTransaction: {
    request: { readonly connectorId?: number; readonly idTag: string; readonly chargingProfile?: ChargingProfile };
    response: { readonly status: AcceptedOrRejected };
  };
  RemoteStopTransaction: {
    request: { readonly transactionId: number };
    response: { readonly status: AcceptedOrRejected };
  };
  ReserveNow: {
    request: {
      readonly connectorId: number;
      readonly expiryDate: string;
      readonly idTag: string;
      readonly parentIdTag?: string;
      readonly reservationId: number;
    };
    response: { readonly status: AcceptedOrRejected | 'Faulted' | 'Occupied' | 'Unavailable' };
  };
  Reset: { request: { readonly type: ResetType }; response: { readonly status: AcceptedOrRejected } };
  SecurityEventNotification: {
    request: { readonly techInfo?: string; readonly timestamp: string; readonly type: string };
    response: Empty;
  };
  SendLocalList: {
    request: {
      readonly listVersion: number;
      readonly localAuthorizationList?: readonly AuthorizationData[];
      readonly updateType: 'Differential' | 'Full';
    };
    response: { readonly status: 'Accepted' | 'Failed' | 'NotSupported' | 'VersionMismatch' };
  };
  SetChargingProfile: {
    request: { readonly connectorId: number; readonly csChargingProfiles: ChargingProfile };
    response: { readonly status: AcceptedOrRejected | 'NotSupported' };
  };
  SignCertificate: { request: { readonly csr: string }; response: { readonly status: AcceptedOrRejected } };
  SignedFirmwareStatusNotification: {
    request: { readonly status: SignedFirmwareStatus; readonly requestId?: number };
    response: Empty;
  };
  SignedUpdateFirmware: {
    request: {
      readonly requestId: number;
      readonly retries?: number;
      readonly retryInterval?: number;
      readonly firmware: {
        readonly location: string;
        readonly retrieveDateTime: string;
        readonly installDateTime?: string;
        readonly signingCertificate: string;
        readonly signature: string;
      };
    };
    response: {
      readonly status: AcceptedOrRejected | 'AcceptedCanceled' | 'InvalidCertificate' | 'RevokedCertificate';
    };
  };
  StartTransaction: {
    request: {
      readonly connectorId: number;
      readonly idTag: string;
      /** Wh. */
      readonly meterStart: number;
      readonly reservationId?: number;
      readonly timestamp: string;
    };
    response: { readonly idTagInfo: IdTagInfo; readonly transactionId: number };
  };
  StatusNotification: {
    request: {
      readonly connectorId: number;
      readonly errorCode: ErrorCode;
      readonly info?: string;
      readonly status: ConnectorStatus;
      readonly timestamp?: string;
      readonly vendorId?: string;
      readonly vendorErrorCode?: string;
    };
    response: Empty;
  };
  StopTransaction: {
    request: {
      readonly idTag?: string;
      /** Wh. */
      readonly meterStop: number;
      readonly reason?: StopReason;
      readonly timestamp: string;
      readonly transactionData?: readonly MeterValue[];
      readonly transactionId: number;
    };
    response: { readonly idTagInfo?: IdTagInfo };
  };
  TriggerMessage: {
    request: {
      readonly requestedMessage:
        | 'BootNotification'
        | 'DiagnosticsStatusNotification'
        | 'FirmwareStatusNotification'
        | 'Heartbeat'
        | 'MeterValues'
        | 'StatusNotification';
      readonly connectorId?: number;
    };
    response: { readonly status: AcceptedOrRejected | 'NotImplemented' };
  };
  UnlockConnector: {
    request: { readonly connectorId: number };
    response: { readonly status: 'NotSupported' | 'UnlockFailed' | 'Unlocked' };
  };
  UpdateFirmware: {
    request: {
      readonly location: string;
      readonly retries?: number;
      readonly retrieveDate: string;
      readonly retryInterval?: number;
    };
    response: Empty;
  };
}
