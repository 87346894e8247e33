import type { Timer } from '@chargemesh/base';
import type {
  AuthorizationResult,
  ChargePointEvents,
  ConnectionStatus,
  ConnectorError,
  OpenTransaction,
  SecurityEvent,
  TransactionFinished,
  TransactionStarted,
  UndeliverableMessage,
} from './charge-point-types.ts';
import type { MeterReading } from './metering/meter-reading.ts';
import type {
  AvailabilityType,
  BootReason,
  ConnectorStatus,
  DataTransferRequest,
  DataTransferResponse,
  DiagnosticsStatus,
  RegistrationStatus,
} from './ocpp-types.ts';
import type { FirmwareStatus } from './schemas/messages.ts';
import type { SessionId } from './transactions/ids.ts';

/**
 * An OCPP 1.6-J charge point. It is told what happens at the connectors, tells the CSMS, and asks the {@link Station} to do what the
 * CSMS wants. Order of a life: constructor, {@link sessionResumed}*, {@link init}, {@link start}, inputs …, {@link stop}.
 * All inputs may be called offline, before registration, and twice for the same event.
 */
export interface ChargePointApi {
  /**
   * Says that a session of the previous run goes on (C-80). To be called before {@link start}; after it an open transaction of that session
   * is still taken up as long as its EVSE is waited for.
   */
  sessionResumed(sessionId: SessionId): void;
  /** Restores availability and tells the station (C-04). Called by {@link start} where it was not called before. */
  init(): void;
  /**
   * Recovers open transactions, connects and boots. A transaction of the previous run that no session goes on with waits for 20 s for the
   * EVSE to tell its end; then it is ended with PowerLoss and the reading known last.
   * @throws where the disk takes nothing; it may be called again then
   */
  start(bootReason: BootReason): void;
  /** Ends: asks the station to stop all transactions (reason Other) unless told not to, and closes the connection. */
  stop(options?: { stopTransactions?: boolean }): Promise<void>;
  connect(): void;
  disconnect(): void;

  /** The part of the station behind a connector was away and is back: it is told again whether it may be used. */
  connectorReturned(connectorId: number): void;
  /** Whoever waits for cars after a card was away and is back: it is told again for how long. */
  authorizationReturned(): void;

  sessionStarted(connectorId: number, session: { sessionId: SessionId; reason: 'EVConnected' | 'Authorized' }): void;
  transactionStarted(connectorId: number, transaction: TransactionStarted): void;
  chargingStarted(connectorId: number): void;
  pausedByEv(connectorId: number): void;
  /**
   * @param pause `info` is always told (SwitchingPhases); `reasons` only where ReportSuspendedEVSEReasonChange wants it (C-13)
   */
  pausedByEvse(connectorId: number, pause?: { info?: string; reasons?: readonly string[] }): void;
  transactionFinished(connectorId: number, transaction: TransactionFinished): void;
  sessionFinished(connectorId: number): void;
  enabled(connectorId: number): void;
  disabled(connectorId: number): void;
  reservationStarted(connectorId: number): void;
  reservationEnded(connectorId: number): void;
  plugInTimeout(connectorId: number): void;
  errorRaised(connectorId: number, error: ConnectorError): void;
  errorCleared(connectorId: number, id: string): void;
  meterReading(connectorId: number, reading: MeterReading): void;
  /** What is offered to the car at present. */
  offered(connectorId: number, offer: { currentA: number; powerW: number }): void;

  validateToken(idTag: string): Promise<AuthorizationResult>;
  securityEvent(event: SecurityEvent): void;
  /** How the upload of diagnostics goes on. */
  diagnosticsStatus(status: DiagnosticsStatus): void;
  /**
   * How an update of the firmware goes on.
   * @param disableConnectors with `Downloaded`: whether the connectors are to be closed first, and leave to install be waited for (default)
   */
  firmwareStatus(status: FirmwareStatus, disableConnectors?: boolean): void;
  /** Sends a DataTransfer to the CSMS. */
  dataTransfer(request: DataTransferRequest): Promise<DataTransferResponse | { status: 'Offline' }>;
  /** The station's own change, by the rules of ChangeAvailability. */
  changeAvailability(connectorId: number, type: AvailabilityType): 'Accepted' | 'Rejected' | 'Scheduled';

  on<K extends keyof ChargePointEvents>(event: K, listener: (value: ChargePointEvents[K]) => void): Timer;

  readonly connection: ConnectionStatus;
  readonly registration: RegistrationStatus | 'Unregistered';
  connectorStatus(connectorId: number): ConnectorStatus;
  /** The transactions of the ledger that have not ended, of a previous run too. May be asked before {@link start}. */
  openTransactions(): readonly OpenTransaction[];
  /** How many messages wait for the CSMS. */
  queued(): { transaction: number; normal: number };
  undeliverable(): readonly UndeliverableMessage[];
  /** Queues undeliverable messages again, each transaction's in its order. @returns the ids that there were */
  resendUndeliverable(ids: readonly number[]): readonly number[];
}
