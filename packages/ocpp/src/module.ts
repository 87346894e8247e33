import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ChargemeshError, formatTimestamp, messageOf, parseTimestamp, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, IN_MEMORY, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import {
  type ChargePointApi,
  type ChargePointIdentity,
  Configuration,
  ocppMigrations,
  type TransportFactory,
  WebsocketTransport,
} from '@chargemesh/ocpp-core';
import { getConfigurationKeys, getVariables, setVariables } from './commands/configuration-commands.ts';
import { validationResult, validationUpdate } from './conversions/authorization.ts';
import { chargerIdentity } from './conversions/charger-identity.ts';
import { connectionStatus } from './conversions/connection-status.ts';
import { diagnosticsStatus, firmwareStatus } from './conversions/file-status.ts';
import { meterReading } from './conversions/meter-reading.ts';
import { ErrorRelay } from './error-relay.ts';
import { EvseGroup } from './evse-group.ts';
import { JournalPositions, journalPositionMigrations } from './journal-positions.ts';
import { MeshStation } from './mesh-station.ts';
import { MessageLogs } from './message-logs.ts';
import { bootResponse, OcppService, transactionEvent } from './ocpp-service.ts';
import { runOverrides } from './run-overrides.ts';
import { SchedulePublisher } from './schedules/schedule-publisher.ts';
import { ToldSettings } from './told-settings.ts';
import { UndeliverableDesk } from './undeliverable/undeliverable-desk.ts';

type Ocpp = Module<'OCPP'>;

/** A card may be held to the reader while the station is just starting. */
const CARD_WAITS_MS = 2_000;

/** The OCPP 1.6-J station: the only module that talks to the CSMS. */
export const OcppModule: ModuleDefinition = ocppModule();
export default OcppModule;

/** The same with another way to the CSMS than a websocket, for tests. */
export function ocppModule(transport?: TransportFactory): ModuleDefinition {
  return defineModule('OCPP', (module) => setUp(module, transport));
}

function setUp(module: Ocpp, otherTransport: TransportFactory | undefined): ModuleHooks {
  const { clock, random, log, config } = module;
  checkBackend(config.ConfigBackend, log);
  const evses = module.all('evse_manager');
  const configuration = Configuration.load({
    baseFile: findFile(module, config.ChargePointConfigPath),
    userFile: module.paths.of('UserConfigPath'),
    overrides: runOverrides(module.runOptions),
    connectors: evses.length,
    log,
  });
  const databaseDir = module.paths.of('DatabasePath');
  // A name may hold what would lead into another folder.
  const database = `${configuration.get('ChargePointId').replaceAll(/[/\\]/g, '_')}.db`;
  const store = module.openStore(databaseDir === IN_MEMORY ? database : resolve(databaseDir, database), ocppMigrations);
  const authProvider = module.provide('auth_provider');
  const byConnector = new Map(evses.map((evse, index) => [index + 1, evse]));
  const station = new MeshStation({
    evses: byConnector,
    auth: module.one('auth'),
    reservation: module.one('reservation'),
    system: module.one('system'),
    dataTransfer: module.optional('data_transfer'),
    provideToken: (token) => authProvider.publish('provided_token', token),
    clock,
    resetDelayS: config.ResetStopDelay,
    log,
  });
  const messageLogs = new MessageLogs(module, configuration, () =>
    service.input((point) => point.securityEvent({ type: 'SecurityLogWasCleared' })),
  );
  const identity: Partial<ChargePointIdentity> = {};
  const service = new OcppService({
    clock,
    random,
    log,
    store,
    configuration,
    transport: otherTransport ?? new WebsocketTransport({ clock }),
    station,
    connectors: evses.length,
    identity,
    messageQueueResumeDelayS: config.MessageQueueResumeDelay,
    run: module.runOptions.run,
    tellErrors: (chargePoint) => {
      for (const error of module.globalErrors.active()) errors.tell(chargePoint, error);
    },
    onCreated: (chargePoint) => {
      publishEvents(module, chargePoint, messageLogs);
      chargePoint.on('undeliverable', () => desk.publish());
    },
  });
  const desk = new UndeliverableDesk({
    id: module.id,
    mqtt: module.mqtt,
    chargePoint: () => service.chargePoint,
    log,
  });
  const settings = new ToldSettings({ id: module.id, mqtt: module.mqtt, configuration });
  const positions = new JournalPositions(module.openStore('journals', journalPositionMigrations));
  const group = new EvseGroup({ evses: byConnector, service, positions, log });
  group.subscribe((meter) => meterReading(meter, clock.wallMs()), configuration);
  for (const evse of evses) evse.subscribe('session_event', (event) => messageLogs.sessionEvent(event));
  const errors = new ErrorRelay({
    clock,
    active: () => module.globalErrors.active(),
    input: (tell) => service.input(tell),
    connectorOf: (evse) => group.connectorOf(evse),
  });
  module.globalErrors.listen(errors);
  const system = module.one('system');
  system.subscribe('log_status', (status) => {
    const known = diagnosticsStatus(status);
    if (known !== undefined) service.input((point) => point.diagnosticsStatus(known));
  });
  system.subscribe('firmware_update_status', (status) => {
    const known = firmwareStatus(status);
    const disable = status.firmware_update_metadata?.disable_connectors_during_install;
    if (known !== undefined) service.input((point) => point.firmwareStatus(known, disable));
  });
  let authLeft = false;
  module.one('auth').onPresence((present) => {
    if (present && authLeft) service.input((point) => point.authorizationReturned());
    authLeft = !present;
  });
  provideCommands(module, service, configuration);
  if (config.EnableExternalWebsocketControl) {
    module.mqtt.subscribe('everest_api/ocpp/cmd/connect', () => service.chargePoint.connect());
    module.mqtt.subscribe('everest_api/ocpp/cmd/disconnect', () => service.chargePoint.disconnect());
  }
  const schedules = new SchedulePublisher(module, configuration);
  let delay: Timer | undefined;

  return {
    ready: async () => {
      desk.publish();
      settings.publish();
      // Whoever looks on knows from here on which station this is, and whom it calls, though nobody may ever answer.
      module
        .provide('ocpp_generic')
        .publish('connection_status', connectionStatus(service.chargePoint.connection, config.Ocpp16NetworkConfigSlot));
      await group.identify();
      await schedules.start();
      await group.allWaiting();
      service.init();
      await group.releaseAll();
      Object.assign(identity, await askCharger(module));
      if (config.DelayOcppStart > 0)
        await new Promise<void>((done) => {
          delay = clock.setTimer(config.DelayOcppStart, done);
        });
      service.start(await bootReason(module));
    },
    shutdown: async () => {
      delay?.cancel();
      errors.close();
      station.close();
      schedules.stop();
      await service.stop({ stopTransactions: false });
      desk.close();
      settings.close();
      messageLogs.close();
    },
  };
}

/** What ConfigBackend may be in a configuration of EVerest; the keys are in JSON files here all the same (B-10). @throws ChargemeshError */
function checkBackend(backend: string, log: Ocpp['log']): void {
  if (backend === 'legacy') return;
  if (backend !== 'device_model' && backend !== 'device_model_with_migration')
    throw new ChargemeshError(
      'OCPP_CONFIG_BACKEND',
      `ConfigBackend is ${backend}: write legacy, device_model or device_model_with_migration`,
    );
  log.warn(`ConfigBackend is ${backend}, and the configuration keys are those of ChargePointConfigPath all the same`);
}

/** A relative path is looked up beside the configuration, then where configurations of OCPP lie. @throws ChargemeshError */
function findFile(module: Ocpp, path: string): string {
  const places = isAbsolute(path) ? [path] : module.paths.search.map((folder) => join(folder, path));
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new ChargemeshError(
      'OCPP_CONFIG_MISSING',
      `ChargePointConfigPath ${path} was not found; looked at ${places.join(', ')}`,
    );
  return found;
}

/** A boot does not wait longer than this to hear who made the charger. */
const CHARGER_SAYS_WITHIN_MS = 10_000;

/** Who the charger says that it is, where a module of the mesh knows (G-04). */
async function askCharger(module: Ocpp): Promise<Partial<ChargePointIdentity>> {
  const charger = module.optional('charger_information');
  if (!charger) return {};
  try {
    const answer = await charger.call('get_charger_information', {}, { deadlineMs: CHARGER_SAYS_WITHIN_MS });
    return chargerIdentity(answer, (field, value, most) =>
      module.log.error(
        `the charger's ${field} "${value}" is longer than the ${most} characters of OCPP and is left out`,
      ),
    );
  } catch (error) {
    module.log.error(`${charger.moduleId} does not say who made the charger: ${messageOf(error)}`);
    return {};
  }
}

async function bootReason(module: Ocpp): Promise<types.system.BootReason> {
  try {
    return await module.one('system').call('get_boot_reason', {});
  } catch (error) {
    module.log.warn(`the boot reason is unknown: ${messageOf(error)}`);
    return 'PowerUp';
  }
}

function publishEvents(module: Ocpp, point: ChargePointApi, messageLogs: MessageLogs): void {
  const generic = module.provide('ocpp_generic');
  point.on('connectionStatus', (status) =>
    generic.publish('connection_status', connectionStatus(status, module.config.Ocpp16NetworkConfigSlot)),
  );
  point.on('bootResponse', (response) => generic.publish('boot_notification_response', bootResponse(response)));
  point.on('transactionEvent', (event) => generic.publish('ocpp_transaction_event', transactionEvent(event)));
  point.on('securityEvent', (event) => {
    const { type, info } = event;
    messageLogs.securityEvent(event);
    generic.publish('security_event', { type, ...(info !== undefined && { info }) });
  });
  point.on('tokenUpdate', ({ connectorId, idTagInfo }) => {
    if (idTagInfo.parentIdTag !== undefined)
      module.provide('auth_validator').publish('validate_result_update', validationUpdate(connectorId, idTagInfo));
  });
  point.on('frame', (frame) => messageLogs.frame(frame));
}

function provideCommands(module: Ocpp, service: OcppService, configuration: Configuration): void {
  const main = module.provide('main');
  const generic = module.provide('ocpp_generic');
  const securityEvent = (event: types.ocpp.SecurityEvent): null => {
    const timestampMs = event.timestamp === undefined ? undefined : parseTimestamp(event.timestamp);
    service.input((point) =>
      point.securityEvent({
        type: event.type,
        ...(event.info !== undefined && { info: event.info }),
        ...(event.critical !== undefined && { critical: event.critical }),
        ...(timestampMs !== undefined && { timestampMs }),
      }),
    );
    return null;
  };
  /** Asked for again, a key is told once all the same. */
  const monitoredKeys = new Set<string>();
  const monitoredVariables = new Map<string, types.ocpp.ComponentVariable>();
  configuration.onChange('*', (changed, value) => {
    const key = changed.toLowerCase();
    const [entry] = getConfigurationKeys(configuration, [changed]).configuration_keys;
    if (entry && monitoredKeys.has(key)) main.publish('configuration_key', entry);
    const component_variable = monitoredVariables.get(key);
    if (component_variable)
      generic.publish('event_data', {
        component_variable,
        event_id: 0,
        timestamp: formatTimestamp(module.clock.wallMs()),
        trigger: 'Alerting',
        actual_value: String(value),
        event_notification_type: 'CustomMonitor',
      });
  });
  const lifeCycle = { stop: () => service.stop(), restart: () => service.restart() };
  main.implement({
    ...lifeCycle,
    get_configuration_key: ({ keys }) => getConfigurationKeys(configuration, keys),
    set_configuration_key: ({ key, value }) => configuration.change(key, value),
    monitor_configuration_keys: ({ keys }) => {
      for (const key of keys) monitoredKeys.add(key.toLowerCase());
      return null;
    },
    security_event: ({ type, info }) => securityEvent({ type, info }),
  });
  generic.implement({
    ...lifeCycle,
    security_event: ({ event }) => securityEvent(event),
    get_variables: ({ requests }) => getVariables(configuration, requests),
    set_variables: ({ requests }) => setVariables(configuration, requests),
    change_availability: ({ request }) => {
      const { evse, operational_status: status } = request;
      if (evse && evse.connector_id === undefined)
        return {
          status: 'Rejected',
          status_info: { reason_code: 'InvalidInput', additional_info: 'connector_id is missing' },
        };
      return { status: service.chargePoint.changeAvailability(evse?.id ?? 0, status) };
    },
    monitor_variables: ({ component_variables }) => {
      for (const monitored of component_variables)
        monitoredVariables.set(monitored.variable.name.toLowerCase(), monitored);
      return null;
    },
  });
  module.provide('auth_validator').implement({
    validate_token: async ({ provided_token }) => {
      if (!(await service.startsWithin(CARD_WAITS_MS))) return { authorization_status: 'Unknown', tariff_messages: [] };
      if (provided_token.authorization_type === 'PlugAndCharge')
        return { authorization_status: 'Invalid', tariff_messages: [] };
      return validationResult(await service.chargePoint.validateToken(provided_token.id_token.value));
    },
  });
  module.provide('data_transfer').implement({
    data_transfer: async ({ request }) => {
      const { status, ...rest } = await service.chargePoint.dataTransfer({
        vendorId: request.vendor_id,
        ...(request.message_id !== undefined && { messageId: request.message_id }),
        ...(request.data !== undefined && { data: request.data }),
      });
      return 'data' in rest && rest.data !== undefined ? { status, data: rest.data } : { status };
    },
  });
}
