import { type Logger, messageOf, type Timer } from '@chargemesh/base';
import { bootNotification } from './actions/boot-notification.ts';
import { sendDataTransfer } from './actions/data-transfer.ts';
import { sendHeartbeat } from './actions/heartbeat.ts';
import { findHandler } from './actions/registry.ts';
import { Authorizer } from './authorization/authorizer.ts';
import { TokenTable } from './authorization/token-table.ts';
import { Heartbeat } from './boot/heartbeat.ts';
import { Registration } from './boot/registration.ts';
import { startEvent } from './boot/start-event.ts';
import type { ChargePointApi } from './charge-point-api.ts';
import type {
  AuthorizationResult,
  BootResponse,
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
import { Availability } from './connectors/availability.ts';
import { ConnectorStore } from './connectors/connector-store.ts';
import { Connectors } from './connectors/connectors.ts';
import { Sessions } from './connectors/sessions.ts';
import { StatusNotifier } from './connectors/status-notifier.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import { watchKeys } from './key-effects.ts';
import type { MeterReading } from './metering/meter-reading.ts';
import type {
  AvailabilityType,
  BootReason,
  ConnectorStatus,
  DataTransferRequest,
  DataTransferResponse,
  RegistrationStatus,
} from './ocpp-types.ts';
import { Messenger } from './queue/messenger.ts';
import { Resetter } from './reset/resetter.ts';
import { Rpc } from './rpc/rpc.ts';
import { createFrameValidator } from './schemas/frame-validator.ts';
import { SecurityEvents } from './security/security-events.ts';
import type { Station } from './station.ts';
import { HoldBack } from './transactions/hold-back.ts';
import type { SessionId } from './transactions/ids.ts';
import { Ledger } from './transactions/ledger.ts';
import { MeterValues } from './transactions/meter-values.ts';
import { Transactions } from './transactions/transactions.ts';
import { CsmsConnection } from './transport/csms-connection.ts';

/** See {@link ChargePointApi}. */
export class ChargePoint implements ChargePointApi {
  readonly #options: ChargePointOptions;
  readonly #log: Logger;
  readonly #station: Station;
  readonly #emitter: Emitter<ChargePointEvents>;
  readonly #messenger: Messenger;
  readonly #connection: CsmsConnection;
  readonly #registration: Registration;
  readonly #heartbeat: Heartbeat;
  readonly #connectors: Connectors;
  readonly #notifier: StatusNotifier;
  readonly #availability: Availability;
  readonly #transactions: Transactions;
  readonly #meterValues: MeterValues;
  readonly #holdBack: HoldBack;
  readonly #authorizer: Authorizer;
  readonly #resetter: Resetter;
  readonly #sessions: Sessions;
  readonly #securityEvents: SecurityEvents;
  readonly #rpc: Rpc;
  readonly #resumed = new Set<SessionId>();
  #watch: Timer | undefined;
  #initialised = false;

  constructor(options: ChargePointOptions) {
    const { clock, random, log, store, configuration, station } = options;
    this.#options = options;
    this.#log = log;
    this.#station = station;
    this.#emitter = new Emitter(log);
    const emit: Emitter<ChargePointEvents>['emit'] = (event, value) => this.#emitter.emit(event, value);
    const online = (): boolean => this.#connection.link.up;
    const ledger = new Ledger(store);
    const cache = new TokenTable(store, 'AUTH_CACHE');
    const connectorStore = new ConnectorStore(store);
    this.#rpc = new Rpc({
      clock,
      random,
      log,
      validator: createFrameValidator(),
      send: (text) => this.#connection.send(text),
      open: () => this.#registration.status === 'Accepted' || this.#registration.status === 'Pending',
      handler: (action) => findHandler(engine, action),
      invalid: (text) => this.#securityEvents.raise({ type: 'InvalidMessages', info: text }),
      idle: () => this.#messenger.kick(),
    });
    this.#transactions = new Transactions({
      clock,
      log,
      configuration,
      ledger,
      messenger: () => this.#messenger,
      told: (event) => emit('transactionEvent', event),
      tokenUpdated: (update) => emit('tokenUpdate', update),
      learn: (idTag, info) => this.#authorizer.learn(idTag, info),
      notAccepted: (entry) => this.#holdBack.notAccepted(entry),
      closed: ({ connectorId }) => {
        this.#availability.useEnded(connectorId);
        this.#resetter.check();
      },
      running: (connectorId, runs) => {
        this.#meterValues.running(connectorId, runs);
        if (!runs) this.#resetter.check();
      },
    });
    this.#messenger = new Messenger({
      clock,
      log,
      store,
      configuration,
      outbound: this.#rpc.outbound,
      resumeDelayMs: (options.messageQueueResumeDelayS ?? 0) * 1000,
      held: () => this.#rpc.inbound.busy,
      hooks: this.#transactions.hooks,
      undeliverable: (message) => this.#undeliverable(message),
    });
    this.#securityEvents = new SecurityEvents({
      clock,
      log,
      configuration,
      messenger: this.#messenger,
      raised: (event) => emit('securityEvent', event),
    });
    this.#connection = new CsmsConnection({
      clock,
      random,
      log,
      configuration,
      transport: options.transport,
      softwareVersion: options.softwareVersion,
      up: () => this.#linkUp(),
      down: () => this.#linkDown(),
      received: (text) => this.#rpc.received(text),
      status: (status) => emit('connectionStatus', status),
      frame: (frame) => emit('frame', frame),
      securityEvent: (event) => this.#securityEvents.raise(event),
    });
    this.#registration = new Registration({
      clock,
      log,
      send: (onOutcome) => this.#messenger.boot(bootNotification(configuration, options.identity), onOutcome),
      answered: (response) => this.#booted(response),
    });
    this.#heartbeat = new Heartbeat(clock, () => this.#beat(false));
    this.#notifier = new StatusNotifier({
      clock,
      minimumDurationS: () => configuration.get('MinimumStatusDuration') ?? 0,
      send: (action, payload, sending) => this.#messenger.send(action, payload, sending),
    });
    this.#connectors = new Connectors({
      log,
      configuration,
      store: connectorStore,
      notifier: this.#notifier,
      count: options.connectors,
      changed: (change) => {
        emit('statusChange', change);
        this.#resetter.check();
      },
    });
    this.#availability = new Availability({
      log,
      station,
      store: connectorStore,
      connectors: this.#connectors,
      hasTransaction: (connectorId) => this.#transactions.on(connectorId) !== undefined,
    });
    this.#meterValues = new MeterValues({
      clock,
      log,
      configuration,
      transactions: this.#transactions,
      connectors: options.connectors,
      sendTriggered: (payload) => this.#messenger.send('MeterValues', payload, { triggered: true }),
      energy: (connectorId, totalWh) => this.#holdBack.energy(connectorId, totalWh),
    });
    this.#holdBack = new HoldBack({
      log,
      configuration,
      station,
      transactions: this.#transactions,
      totalWh: (connectorId) => this.#meterValues.totalWh(connectorId),
    });
    this.#authorizer = new Authorizer({
      clock,
      log,
      configuration,
      cache,
      localList: new TokenTable(store, 'AUTH_LIST'),
      messenger: this.#messenger,
      online,
      accepted: (idTag) => this.#holdBack.accepted(idTag),
    });
    this.#resetter = new Resetter({
      clock,
      log,
      configuration,
      station,
      connectors: this.#connectors,
      transactions: this.#transactions,
      ledger,
      online,
    });
    this.#sessions = new Sessions({
      log,
      configuration,
      station,
      connectors: this.#connectors,
      transactions: this.#transactions,
      availability: this.#availability,
    });
    const engine: Engine = {
      clock,
      log,
      configuration,
      station,
      connectors: this.#connectors,
      availability: this.#availability,
      transactions: this.#transactions,
      meterValues: this.#meterValues,
      cache,
      registration: this.#registration,
      resetter: this.#resetter,
      heartbeat: ({ triggered }) => this.#beat(triggered),
    };
  }

  sessionResumed(sessionId: SessionId): void {
    this.#resumed.add(sessionId);
  }

  init(): void {
    if (this.#initialised) return;
    this.#initialised = true;
    this.#availability.restore();
  }

  start(bootReason: BootReason): void {
    const { configuration } = this.#options;
    this.init();
    this.#messenger.load();
    this.#connectors.restore(this.#resumed);
    this.#transactions.recover(this.#resumed);
    this.#resumed.clear();
    this.#meterValues.start();
    this.#holdBack.resumed();
    this.#securityEvents.raise(startEvent(bootReason));
    this.#setConnectionTimeout(configuration.get('ConnectionTimeOut'));
    this.#watch = watchKeys({
      configuration,
      heartbeat: this.#heartbeat,
      link: this.#connection.link,
      connectionTimeout: (timeoutS) => this.#setConnectionTimeout(timeoutS),
    });
    this.#registration.reset();
    this.connect();
  }

  async stop({ stopTransactions = true }: { stopTransactions?: boolean } = {}): Promise<void> {
    this.#watch?.cancel();
    this.#heartbeat.stop();
    this.#meterValues.stop();
    this.#notifier.stop();
    this.#resetter.cancel();
    this.#registration.stop();
    const running = stopTransactions ? this.#transactions.running() : [];
    const asked = running.map(({ connectorId }) => this.#station.stopTransaction(connectorId, { reason: 'Other' }));
    await Promise.allSettled(asked);
    this.#messenger.linkDown('stopped');
    this.disconnect();
  }

  connect(): void {
    this.#connection.link.connect();
  }

  disconnect(): void {
    this.#connection.link.disconnect('disconnected by the station');
  }

  sessionStarted(connectorId: number, session: { sessionId: SessionId; reason: 'EVConnected' | 'Authorized' }): void {
    this.#sessions.started(connectorId, session);
  }

  transactionStarted(connectorId: number, transaction: TransactionStarted): void {
    this.#sessions.transactionStarted(connectorId, transaction);
  }

  chargingStarted(connectorId: number): void {
    this.#sessions.chargingStarted(connectorId);
  }

  pausedByEv(connectorId: number): void {
    this.#sessions.pausedByEv(connectorId);
  }

  pausedByEvse(connectorId: number, pause: { info?: string; reasons?: readonly string[] } = {}): void {
    this.#sessions.pausedByEvse(connectorId, pause);
  }

  transactionFinished(connectorId: number, transaction: TransactionFinished): void {
    this.#sessions.transactionFinished(connectorId, transaction);
  }

  sessionFinished(connectorId: number): void {
    this.#sessions.finished(connectorId);
  }

  enabled(connectorId: number): void {
    this.#connectors.apply(connectorId, 'becomeAvailable');
  }

  disabled(connectorId: number): void {
    this.#connectors.apply(connectorId, 'toUnavailable');
  }

  reservationStarted(connectorId: number): void {
    this.#connectors.apply(connectorId, 'reserve');
  }

  reservationEnded(connectorId: number): void {
    this.#connectors.apply(connectorId, 'reservationEnd');
  }

  plugInTimeout(connectorId: number): void {
    this.#sessions.plugInTimeout(connectorId);
  }

  errorRaised(connectorId: number, error: ConnectorError): void {
    this.#connectors.errorRaised(connectorId, error);
  }

  errorCleared(connectorId: number, id: string): void {
    this.#connectors.errorCleared(connectorId, id);
  }

  meterReading(connectorId: number, reading: MeterReading): void {
    this.#meterValues.reading(connectorId, reading);
  }

  offered(connectorId: number, offer: { currentA: number; powerW: number }): void {
    this.#meterValues.offered(connectorId, offer);
  }

  validateToken(idTag: string): Promise<AuthorizationResult> {
    return this.#authorizer.validate(idTag);
  }

  securityEvent(event: SecurityEvent): void {
    this.#securityEvents.report(event);
  }

  dataTransfer(request: DataTransferRequest): Promise<DataTransferResponse | { status: 'Offline' }> {
    return sendDataTransfer(this.#messenger, request, this.#connection.link.up);
  }

  changeAvailability(connectorId: number, type: AvailabilityType): 'Accepted' | 'Rejected' | 'Scheduled' {
    const { status, execute } = this.#availability.decide(connectorId, type);
    execute();
    return status;
  }

  on<K extends keyof ChargePointEvents>(event: K, listener: (value: ChargePointEvents[K]) => void): Timer {
    return this.#emitter.on(event, listener);
  }

  get connection(): ConnectionStatus {
    return this.#connection.status;
  }

  get registration(): RegistrationStatus | 'Unregistered' {
    return this.#registration.status;
  }

  connectorStatus(connectorId: number): ConnectorStatus {
    return this.#connectors.status(connectorId);
  }

  openTransactions(): readonly OpenTransaction[] {
    return this.#transactions.open();
  }

  queued(): { transaction: number; normal: number } {
    return this.#messenger.waiting;
  }

  undeliverable(): readonly UndeliverableMessage[] {
    return this.#messenger.undeliverable();
  }

  resendUndeliverable(id: number): boolean {
    return this.#messenger.resend(id);
  }

  #linkUp(): void {
    this.#registration.linkUp();
    this.#messenger.linkUp();
    if (this.#registration.status === 'Accepted') this.#connectors.reportAll();
  }

  #linkDown(): void {
    this.#rpc.inbound.lost();
    this.#messenger.linkDown();
    this.#resetter.check();
  }

  /** The CSMS answered a BootNotification (C-70 … C-75). */
  #booted(response: BootResponse): void {
    const { configuration } = this.#options;
    this.#emitter.emit('bootResponse', response);
    const accepted = response.status === 'Accepted';
    if (accepted) {
      this.#setSystemTime(response.currentTimeMs);
      if (response.intervalS > 0) configuration.set('HeartbeatInterval', response.intervalS);
      this.#heartbeat.start(configuration.get('HeartbeatInterval'));
      this.#meterValues.startAligned();
    } else this.#heartbeat.stop();
    this.#messenger.accepted = accepted;
    if (accepted) this.#connectors.reportAll();
  }

  #beat(triggered: boolean): void {
    sendHeartbeat(this.#messenger, (epochMs) => this.#setSystemTime(epochMs), triggered);
  }

  #undeliverable(message: UndeliverableMessage): void {
    this.#emitter.emit('undeliverable', message);
    if (message.action !== 'StopTransaction') return;
    const info = `StopTransaction could not be delivered: ${message.error}`;
    this.#securityEvents.raise({ type: 'InvalidMessages', info, critical: true });
  }

  #setSystemTime(epochMs: number): void {
    this.#tell('setSystemTime', () => this.#station.setSystemTime(epochMs));
  }

  #setConnectionTimeout(timeoutS: number): void {
    this.#tell('setConnectionTimeout', () => this.#station.setConnectionTimeout(timeoutS));
  }

  #tell(what: string, call: () => void | Promise<void>): void {
    const failed = (thrown: unknown): void => this.#log.error('the station failed', { what, error: messageOf(thrown) });
    try {
      call()?.catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}
