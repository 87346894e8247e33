import type { Timer } from '@chargemesh/base';
import { sendDataTransfer } from './actions/data-transfer.ts';
import { type Assembly, assemble } from './assembly.ts';
import { startEvent } from './boot/start-event.ts';
import type { ChargePointApi } from './charge-point-api.ts';
import type {
  AuthorizationResult,
  ChargePointEvents,
  ChargePointOptions,
  ConnectionStatus,
  ConnectorError,
  OpenTransaction,
  SecurityEvent,
  TransactionFinished,
  TransactionStarted,
  UndeliverableMessage,
} from './charge-point-types.ts';
import { watchKeys } from './key-effects.ts';
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

/** See {@link ChargePointApi}. */
export class ChargePoint implements ChargePointApi {
  readonly #options: ChargePointOptions;
  readonly #parts: Assembly;
  readonly #resumed = new Set<SessionId>();
  #watches: readonly Timer[] = [];
  #initialised = false;
  #started = false;

  constructor(options: ChargePointOptions) {
    this.#options = options;
    this.#parts = assemble(options);
  }

  sessionResumed(sessionId: SessionId): void {
    if (this.#started) this.#parts.transactions.resume(sessionId);
    else this.#resumed.add(sessionId);
  }

  init(): void {
    if (this.#initialised) return;
    this.#initialised = true;
    const goesOn = this.#goesOn();
    const inUse = this.openTransactions().filter(({ sessionId }) => goesOn(sessionId));
    this.#parts.availability.restore((id) => inUse.some(({ connectorId }) => connectorId === id));
  }

  start(bootReason: BootReason): void {
    const { configuration, run } = this.#options;
    const goesOn = this.#goesOn();
    this.init();
    this.#parts.lastRun.begin(run);
    this.#started = true;
    this.#parts.messenger.accepted = false;
    this.#parts.messenger.load();
    this.#parts.connectors.restore(goesOn);
    this.#parts.transactions.recover(goesOn);
    this.#resumed.clear();
    this.#parts.meterValues.start();
    this.#parts.holdBack.resumed();
    this.#parts.securityEvents.raise(startEvent(bootReason));
    this.#parts.dialogue.setConnectionTimeout(configuration.get('ConnectionTimeOut'));
    this.#unwatch();
    this.#watches = [
      watchKeys({
        configuration,
        heartbeat: this.#parts.heartbeat,
        link: this.#parts.connection.link,
        connectionTimeout: (timeoutS) => this.#parts.dialogue.setConnectionTimeout(timeoutS),
      }),
      this.#parts.profileSwitch.watch(),
    ];
    this.#parts.registration.reset();
    this.connect();
  }

  async stop({ stopTransactions = true }: { stopTransactions?: boolean } = {}): Promise<void> {
    this.#unwatch();
    this.#started = false;
    if (stopTransactions) this.#parts.lastRun.end();
    this.#parts.heartbeat.stop();
    this.#parts.meterValues.stop();
    this.#parts.transactions.stop();
    this.#parts.notifier.stop();
    this.#parts.resetter.cancel();
    this.#parts.registration.stop();
    const running = stopTransactions ? this.#parts.transactions.running() : [];
    const asked = running.map(({ connectorId }) =>
      this.#options.station.stopTransaction(connectorId, { reason: 'Other' }),
    );
    await Promise.allSettled(asked);
    this.#parts.messenger.linkDown('stopped');
    this.disconnect();
  }

  connect(): void {
    this.#parts.connection.link.connect();
  }

  disconnect(): void {
    this.#parts.connection.link.disconnect('disconnected by the station');
  }

  connectorReturned(connectorId: number): void {
    if (this.#initialised) this.#parts.availability.tellAgain(connectorId);
  }

  authorizationReturned(): void {
    if (this.#started) this.#parts.dialogue.setConnectionTimeout(this.#options.configuration.get('ConnectionTimeOut'));
  }

  sessionStarted(connectorId: number, session: { sessionId: SessionId; reason: 'EVConnected' | 'Authorized' }): void {
    this.#parts.sessions.started(connectorId, session);
  }

  transactionStarted(connectorId: number, transaction: TransactionStarted): void {
    this.#parts.sessions.transactionStarted(connectorId, transaction);
  }

  chargingStarted(connectorId: number): void {
    this.#parts.sessions.chargingStarted(connectorId);
  }

  pausedByEv(connectorId: number): void {
    this.#parts.sessions.pausedByEv(connectorId);
  }

  pausedByEvse(connectorId: number, pause: { info?: string; reasons?: readonly string[] } = {}): void {
    this.#parts.sessions.pausedByEvse(connectorId, pause);
  }

  transactionFinished(connectorId: number, transaction: TransactionFinished): void {
    this.#parts.sessions.transactionFinished(connectorId, transaction);
  }

  sessionFinished(connectorId: number): void {
    this.#parts.sessions.finished(connectorId);
  }

  enabled(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'becomeAvailable');
  }

  disabled(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'toUnavailable');
  }

  reservationStarted(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'reserve');
  }

  reservationEnded(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'reservationEnd');
  }

  plugInTimeout(connectorId: number): void {
    this.#parts.sessions.plugInTimeout(connectorId);
  }

  errorRaised(connectorId: number, error: ConnectorError): void {
    this.#parts.connectors.errorRaised(connectorId, error);
  }

  errorCleared(connectorId: number, id: string): void {
    this.#parts.connectors.errorCleared(connectorId, id);
  }

  meterReading(connectorId: number, reading: MeterReading): void {
    this.#parts.meterValues.reading(connectorId, reading);
  }

  offered(connectorId: number, offer: { currentA: number; powerW: number }): void {
    this.#parts.meterValues.offered(connectorId, offer);
  }

  validateToken(idTag: string): Promise<AuthorizationResult> {
    return this.#parts.authorizer.validate(idTag);
  }

  securityEvent(event: SecurityEvent): void {
    this.#parts.securityEvents.report(event);
  }

  diagnosticsStatus(status: DiagnosticsStatus): void {
    this.#parts.diagnostics.report(status);
  }

  firmwareStatus(status: FirmwareStatus, disableConnectors?: boolean): void {
    this.#parts.firmware.report(status, disableConnectors);
  }

  dataTransfer(request: DataTransferRequest): Promise<DataTransferResponse | { status: 'Offline' }> {
    return sendDataTransfer(this.#parts.messenger, request, this.#parts.connection.link.up);
  }

  changeAvailability(connectorId: number, type: AvailabilityType): 'Accepted' | 'Rejected' | 'Scheduled' {
    const { status, execute } = this.#parts.availability.decide(connectorId, type);
    execute();
    return status;
  }

  on<K extends keyof ChargePointEvents>(event: K, listener: (value: ChargePointEvents[K]) => void): Timer {
    return this.#parts.emitter.on(event, listener);
  }

  get connection(): ConnectionStatus {
    return this.#parts.connection.status;
  }

  get registration(): RegistrationStatus | 'Unregistered' {
    return this.#parts.registration.status;
  }

  connectorStatus(connectorId: number): ConnectorStatus {
    return this.#parts.connectors.status(connectorId);
  }

  openTransactions(): readonly OpenTransaction[] {
    return this.#parts.transactions.open();
  }

  queued(): { transaction: number; normal: number } {
    return this.#parts.messenger.waiting;
  }

  undeliverable(): readonly UndeliverableMessage[] {
    return this.#parts.messenger.undeliverable();
  }

  resendUndeliverable(ids: readonly number[]): readonly number[] {
    return this.#parts.messenger.resend(ids);
  }

  /** Which sessions of the previous run go on, by what is known now. */
  #goesOn(): (sessionId: SessionId) => boolean {
    const sameRun = this.#parts.lastRun.was(this.#options.run);
    return (sessionId) => sameRun || this.#resumed.has(sessionId);
  }

  #unwatch(): void {
    for (const watch of this.#watches) watch.cancel();
    this.#watches = [];
  }
}
