import { bootNotification } from './actions/boot-notification.ts';
import { findHandler } from './actions/registry.ts';
import { Authorizer } from './authorization/authorizer.ts';
import { LocalList } from './authorization/local-list.ts';
import { TokenTable } from './authorization/token-table.ts';
import { Heartbeat } from './boot/heartbeat.ts';
import { Registration } from './boot/registration.ts';
import type { ChargePointEvents, ChargePointOptions } from './charge-point-types.ts';
import { Availability } from './connectors/availability.ts';
import { ConnectorStore } from './connectors/connector-store.ts';
import { Connectors } from './connectors/connectors.ts';
import { Sessions } from './connectors/sessions.ts';
import { StatusNotifier } from './connectors/status-notifier.ts';
import { cutText } from './cut-text.ts';
import { Dialogue } from './dialogue.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import { Diagnostics } from './firmware/diagnostics.ts';
import { FirmwareUpdates } from './firmware/firmware-updates.ts';
import { visibleFrame } from './message-log/visible-frame.ts';
import { LastRun } from './persistence/last-run.ts';
import { Messenger } from './queue/messenger.ts';
import { Resetter } from './reset/resetter.ts';
import { Rpc } from './rpc/rpc.ts';
import { createFrameValidator } from './schemas/frame-validator.ts';
import { ProfileSwitch } from './security/profile-switch.ts';
import { SecurityEvents } from './security/security-events.ts';
import { HoldBack } from './transactions/hold-back.ts';
import { Ledger } from './transactions/ledger.ts';
import { MeterValues } from './transactions/meter-values.ts';
import { Transactions } from './transactions/transactions.ts';
import { CsmsConnection } from './transport/csms-connection.ts';

/** The parts of a charge point that its inputs go to. */
export interface Assembly {
  readonly emitter: Emitter<ChargePointEvents>;
  readonly messenger: Messenger;
  readonly connection: CsmsConnection;
  readonly dialogue: Dialogue;
  readonly registration: Registration;
  readonly heartbeat: Heartbeat;
  readonly connectors: Connectors;
  readonly notifier: StatusNotifier;
  readonly availability: Availability;
  readonly transactions: Transactions;
  readonly meterValues: MeterValues;
  readonly holdBack: HoldBack;
  readonly authorizer: Authorizer;
  readonly resetter: Resetter;
  readonly sessions: Sessions;
  readonly securityEvents: SecurityEvents;
  readonly profileSwitch: ProfileSwitch;
  readonly diagnostics: Diagnostics;
  readonly firmware: FirmwareUpdates;
  readonly lastRun: LastRun;
}

/** Builds all parts of a charge point and ties them together. Nothing runs yet. */
export function assemble(options: ChargePointOptions): Assembly {
  const { clock, log, store, configuration, station } = options;
  const base = { clock, random: options.random, log, configuration, station };
  const emitter = new Emitter<ChargePointEvents>(log);
  const emit: Emitter<ChargePointEvents>['emit'] = (event, value) => emitter.emit(event, value);
  const online = (): boolean => connection.link.up;
  /** A reset and an installation wait for it. */
  const useMayHaveEnded = (): void => {
    resetter.check();
    firmware.check();
  };
  const ledger = new Ledger(store);
  const cache = new TokenTable(store, 'AUTH_CACHE');
  const localList = new LocalList({ ...base, store, cache });
  const connectorStore = new ConnectorStore(store);
  const onExtra = onceEach((action: string, path: string) =>
    log.warn('property that OCPP does not know, ignored', { action, path }),
  );
  const rpc = new Rpc({
    ...base,
    validator: createFrameValidator({ onExtra }),
    send: (text) => connection.send(text),
    open: () => registration.status === 'Accepted' || registration.status === 'Pending',
    handler: (action) => findHandler(engine, action),
    // As much of it as the event can carry: the CSMS may have sent megabytes.
    invalid: (text) => securityEvents.raise({ type: 'InvalidMessages', info: cutText(visibleFrame(text).text, 255) }),
    idle: () => messenger.kick(),
  });
  const transactions = new Transactions({
    ...base,
    ledger,
    messenger: () => messenger,
    told: (event) => emit('transactionEvent', event),
    tokenUpdated: (update) => emit('tokenUpdate', update),
    learn: (idTag, info) => authorizer.learn(idTag, info),
    notAccepted: (entry) => holdBack.notAccepted(entry),
    closed: ({ connectorId }) => {
      availability.transactionClosed(connectorId);
      useMayHaveEnded();
    },
    newest: (connectorId) => meterValues.newest(connectorId),
    running: (connectorId, runs) => {
      meterValues.running(connectorId, runs);
      if (!runs) useMayHaveEnded();
    },
  });
  const messenger = new Messenger({
    ...base,
    store,
    outbound: rpc.outbound,
    resumeDelayMs: (options.messageQueueResumeDelayS ?? 0) * 1000,
    held: () => rpc.inbound.busy,
    hooks: transactions.hooks,
    undeliverable: (message) => dialogue.undeliverable(message),
  });
  const securityEvents = new SecurityEvents({
    ...base,
    messenger,
    raised: (event) => emit('securityEvent', event),
  });
  const connection = new CsmsConnection({
    ...base,
    transport: options.transport,
    softwareVersion: options.softwareVersion,
    up: () => {
      profileSwitch.connected();
      dialogue.linkUp();
    },
    down: () => dialogue.linkDown(),
    received: (text) => rpc.received(text),
    status: (status) => emit('connectionStatus', status),
    frame: (frame) => emit('frame', frame),
    securityEvent: (event) => securityEvents.raise(event),
  });
  const registration = new Registration({
    ...base,
    send: (onOutcome) => messenger.boot(bootNotification(configuration, options.identity), onOutcome),
    answered: (response, tookMs) => dialogue.booted(response, tookMs),
  });
  const heartbeat = new Heartbeat(clock, () => dialogue.beat({ triggered: false }));
  const notifier = new StatusNotifier({
    ...base,
    minimumDurationS: () => configuration.get('MinimumStatusDuration') ?? 0,
    send: (action, payload, sending) => messenger.send(action, payload, sending),
  });
  const connectors = new Connectors({
    ...base,
    store: connectorStore,
    notifier,
    count: options.connectors,
    changed: (change) => {
      emit('statusChange', change);
      useMayHaveEnded();
    },
  });
  const availability = new Availability({
    ...base,
    store: connectorStore,
    connectors,
    hasTransaction: (connectorId) => transactions.on(connectorId) !== undefined,
  });
  const meterValues = new MeterValues({
    ...base,
    transactions,
    connectors: options.connectors,
    sendTriggered: (payload) => messenger.send('MeterValues', payload, { triggered: true }),
    energy: (connectorId, totalWh) => holdBack.energy(connectorId, totalWh),
  });
  const holdBack = new HoldBack({
    ...base,
    transactions,
    totalWh: (connectorId) => meterValues.totalWh(connectorId),
  });
  const authorizer = new Authorizer({
    ...base,
    cache,
    localList,
    messenger,
    online,
    accepted: (idTag) => holdBack.accepted(idTag),
  });
  const resetter = new Resetter({
    ...base,
    connectors,
    transactions,
    ledger,
    online,
  });
  const sessions = new Sessions({
    ...base,
    connectors,
    transactions,
    availability,
  });
  const firmware = new FirmwareUpdates({ ...base, availability, messenger });
  const diagnostics = new Diagnostics(messenger);
  const engine: Engine = {
    ...base,
    connectors,
    availability,
    transactions,
    meterValues,
    cache,
    localList,
    authorizer,
    registration,
    resetter,
    diagnostics,
    firmware,
    heartbeat: (how) => dialogue.beat(how),
  };
  const dialogue = new Dialogue({
    ...base,
    emit,
    messenger,
    registration,
    connectors,
    heartbeat,
    meterValues,
    resetter,
    securityEvents,
    inbound: rpc.inbound,
    firmware,
  });
  const profileSwitch = new ProfileSwitch({ ...base, redial: (reason) => connection.link.redial(reason) });
  return {
    emitter,
    messenger,
    connection,
    dialogue,
    registration,
    heartbeat,
    connectors,
    notifier,
    availability,
    transactions,
    meterValues,
    holdBack,
    authorizer,
    resetter,
    sessions,
    securityEvents,
    profileSwitch,
    diagnostics,
    firmware,
    lastRun: new LastRun(store),
  };
}

/** Calls `tell` for each pair of texts once. A peer that keeps making up new ones is not listened to for ever. */
function onceEach(tell: (first: string, second: string) => void): (first: string, second: string) => void {
  const told = new Set<string>();
  return (first, second) => {
    const pair = `${first} ${second}`;
    if (told.size >= 100 || told.has(pair)) return;
    told.add(pair);
    tell(first, second);
  };
}
