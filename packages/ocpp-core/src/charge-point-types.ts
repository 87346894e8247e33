import type { Clock, Logger, Random, Store } from '@chargemesh/base';
import type { Configuration } from './configuration/configuration.ts';
import type {
  AuthorizationStatus,
  ConnectorStatus,
  ErrorCode,
  IdTagInfo,
  RegistrationStatus,
  StopReason,
} from './ocpp-types.ts';
import type { Station } from './station.ts';
import type { CsmsTransactionId, LedgerId, SessionId } from './transactions/ids.ts';
import type { TransportFactory } from './transport/transport.ts';

/** Who the station says it is. What is left out comes from the configuration's Internal section. */
export interface ChargePointIdentity {
  readonly chargePointVendor: string;
  readonly chargePointModel: string;
  readonly chargeBoxSerialNumber: string;
  readonly firmwareVersion: string;
  readonly chargePointSerialNumber: string;
  readonly iccid: string;
  readonly imsi: string;
  readonly meterType: string;
  readonly meterSerialNumber: string;
}

/** Everything that a {@link ChargePoint} stands on. It knows no other clock, disk or network. */
export interface ChargePointOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** A database that was opened with {@link ocppMigrations}. The charge point does not close it. */
  readonly store: Store;
  readonly configuration: Configuration;
  readonly transport: TransportFactory;
  readonly station: Station;
  /** How many connectors there are, 1 … N. Connector 0 is the station itself and does not count. */
  readonly connectors: number;
  readonly identity?: Partial<ChargePointIdentity>;
  /** How long queued messages wait after a reconnect, in seconds. Default 0. */
  readonly messageQueueResumeDelayS?: number;
  /**
   * The same text from a start of the station to its end. A charge point that is started with the run in which it worked last was started
   * anew alone: sessions and transactions at the EVSEs went on meanwhile. Left out: the EVSEs were started anew as well.
   */
  readonly run?: string;
  /** The first line of the software's version, for the upgrade request. */
  readonly softwareVersion?: string;
}

/** A meter's signed record as text, with the time at which it was made. */
export interface SignedMeterValue {
  readonly value: string;
  readonly timestampMs: number;
}

/** A transaction began: energy may flow and somebody is responsible for it. */
export interface TransactionStarted {
  readonly sessionId: SessionId;
  readonly idTag: string;
  /** The meter's energy import register. Rounded here, once. */
  readonly meterStartWh: number;
  readonly timestampMs: number;
  readonly reservationId?: number;
  readonly signedStart?: SignedMeterValue;
}

/** A transaction ended. */
export interface TransactionFinished {
  readonly sessionId: SessionId;
  readonly reason: StopReason;
  readonly meterStopWh: number;
  readonly timestampMs: number;
  /** Whose card ended it, where a card did. */
  readonly idTag?: string;
  /** A signed start value that became known at the end only. */
  readonly signedStart?: SignedMeterValue;
  readonly signedStop?: SignedMeterValue;
}

/** An error of a connector (0: of the station) as OCPP tells it. Texts that are too long are cut. */
export interface ConnectorError {
  /** Tells this occurrence from others; raising it again does nothing. */
  readonly id: string;
  readonly errorCode: ErrorCode;
  /** Whether it makes the connector Faulted. */
  readonly fault: boolean;
  readonly timestampMs: number;
  readonly info?: string;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
}

/** What is known of an idTag, and from where. */
export interface AuthorizationResult {
  /** `Unknown`: not an idTag at all (longer than 20 characters). */
  readonly status: AuthorizationStatus | 'Unknown';
  readonly expiryMs?: number;
  readonly parentIdTag?: string;
  /** `offline`: nobody could be asked, AllowOfflineTxForUnknownId decided. */
  readonly source: 'localList' | 'cache' | 'csms' | 'offline' | 'none';
}

/** Whether the station is in touch with its CSMS. */
export interface ConnectionStatus {
  readonly connected: boolean;
  /** As configured (CentralSystemURI), scheme and identity may be missing. */
  readonly csmsUri: string;
  readonly identity: string;
  readonly securityProfile: number;
  /** Why the connection ended, in words, where it is not connected. */
  readonly reason?: string;
}

/** What the CSMS said to a BootNotification. */
export interface BootResponse {
  readonly status: RegistrationStatus;
  readonly currentTimeMs: number;
  readonly intervalS: number;
}

/** A step in a transaction's life, told once it is on disk. */
export interface TransactionEvent {
  readonly event: 'Started' | 'Updated' | 'Ended';
  readonly connectorId: number;
  readonly sessionId: SessionId;
  /** Known from the answer to StartTransaction on. */
  readonly transactionId?: CsmsTransactionId;
}

/** A frame as it went over the wire. */
export interface LoggedFrame {
  readonly timestampMs: number;
  /** `out`: sent to the CSMS. */
  readonly direction: 'in' | 'out';
  readonly text: string;
}

/** A message of a transaction that the CSMS refused TransactionMessageAttempts times. */
export interface UndeliverableMessage {
  readonly id: number;
  readonly action: string;
  /** As it was queued; in the event, as it was sent. */
  readonly payload: unknown;
  readonly ledgerId?: LedgerId;
  /** The session of its transaction. */
  readonly sessionId?: SessionId;
  /** Where that transaction is, or what the payload names. */
  readonly connectorId?: number;
  readonly attempts: number;
  readonly failedMs: number;
  /** What the CSMS answered last, or that it did not. */
  readonly error: string;
}

/** Something that matters for security happened in the station. */
export interface SecurityEvent {
  readonly type: string;
  readonly info?: string;
  /** Sent to the CSMS, else only logged and told. Default: by the type (E-41). */
  readonly critical?: boolean;
  readonly timestampMs?: number;
}

/** The answer to StartTransaction brought news of the token. */
export interface TokenUpdate {
  readonly connectorId: number;
  readonly sessionId: SessionId;
  readonly idTag: string;
  readonly idTagInfo: IdTagInfo;
}

/** A status that a connector took on, whether or not it could be sent. */
export interface StatusChange {
  readonly connectorId: number;
  readonly status: ConnectorStatus;
  readonly errorCode: ErrorCode;
  readonly info?: string;
}

/** An open transaction of the ledger. */
export interface OpenTransaction {
  readonly ledgerId: LedgerId;
  readonly sessionId: SessionId;
  readonly connectorId: number;
  readonly idTag: string;
  readonly transactionId?: CsmsTransactionId;
  readonly meterStartWh: number;
  readonly startedMs: number;
}

/** What can be listened to by {@link ChargePoint.on}. */
export interface ChargePointEvents {
  connectionStatus: ConnectionStatus;
  bootResponse: BootResponse;
  transactionEvent: TransactionEvent;
  frame: LoggedFrame;
  undeliverable: UndeliverableMessage;
  /** Raised inside the library; those given to {@link ChargePoint.securityEvent} are not told again. */
  securityEvent: SecurityEvent & { readonly timestampMs: number };
  tokenUpdate: TokenUpdate;
  statusChange: StatusChange;
}
