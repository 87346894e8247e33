import { join } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import {
  CommandError,
  defineModule,
  IN_MEMORY,
  journalMigration,
  type Module,
  type ModuleDefinition,
  type ModuleHooks,
  type ValueJournal,
} from '@chargemesh/framework';
import { Evse } from './evse.ts';
import type { EvsePublisher } from './evse-ports.ts';
import { connectorTypeOf } from './external/connector-type.ts';
import { carLinkPorts, listenToCar } from './hlc/car-link-peers.ts';
import { resumeMigration } from './session/resume-memory.ts';
import { transactionMigrations } from './session/transaction-memory.ts';

type EvseManager = Module<'EvseManager'>;
type SessionEvent = types.evse_manager.SessionEvent;

/** What an EVSE keeps on disk: the transaction that is open, the journal of what it told of its sessions, and what it is about. */
const evseMigrations = [...transactionMigrations, journalMigration(2), resumeMigration(3)];

/** What a request of a program outside the mesh counts against others. */
const LOCAL_API_PRIORITY = 100;

/** One EVSE of the station: AC, charging by control pilot. */
export const EvseManagerModule: ModuleDefinition = defineModule('EvseManager', setUp);
export default EvseManagerModule;

function setUp(module: EvseManager): ModuleHooks {
  const { id: moduleId, config, clock, random, log } = module;
  if (config.charge_mode === 'DC')
    throw new ChargemeshError('NOT_SUPPORTED', `module ${moduleId}: charge_mode DC is not supported yet`);

  const provided = module.provide('evse');
  const energyGrid = module.provide('energy_grid');
  const randomDelay = module.provide('random_delay');
  const derate = module.provide('dc_external_derate');
  const board = module.one('bsp');
  const lock = module.optional('connector_lock');
  const carSideMeter = module.optional('powermeter_car_side');
  const gridSideMeter = module.optional('powermeter_grid_side');
  const billingMeter = carSideMeter ?? gridSideMeter;
  const keyValue = module.optional('store');
  const watched = [
    board.errors,
    lock?.errors,
    module.optional('ac_rcd')?.errors,
    config.fail_on_powermeter_errors ? billingMeter?.errors : undefined,
    config.ac_hlc_enabled ? module.optional('slac')?.errors : undefined,
    config.ac_hlc_enabled ? module.optional('hlc')?.errors : undefined,
  ].filter((errors) => errors !== undefined);

  /** A call that nobody waits for. What the board does not take is in the log, and its leaving is a fault of its own. */
  const underWay = new Set<Promise<unknown>>();
  const send = (what: string, call: Promise<unknown>): void => {
    const told = call
      .catch((error) => log.warn(`${what} failed: ${messageOf(error)}`))
      .finally(() => underWay.delete(told));
    underWay.add(told);
  };

  const carLink = carLinkPorts(module, send);
  if (config.ac_hlc_enabled && !carLink)
    log.warn('ac_hlc_enabled has no effect: nothing is connected that speaks ISO 15118');
  if (carLink && config.ac_hlc_use_5percent)
    log.warn('ac_hlc_use_5percent has no effect yet: cars are offered the nominal duty cycle from the start');

  /** The board lets go where it hears nothing of this module for too long: it has to hear something while it holds on to something. */
  const held = { pwm: false, power: false };
  const holding = (change: Partial<typeof held>): void => {
    Object.assign(held, change);
    module.heartbeat.beat(held.pwm || held.power);
  };

  const store = module.openStore('evse', evseMigrations);
  const evse = new Evse({
    moduleId,
    config,
    clock,
    random,
    log,
    store,
    run: module.runOptions.run,
    markFile: module.paths.state === IN_MEMORY ? undefined : join(module.paths.state, 'alive.json'),
    sessionLogRoot: module.paths.of('session_logging_path'),
    board: {
      enable: (value) => send('enable', board.call('enable', { value })),
      pwmOn: (value) => {
        holding({ pwm: true });
        send('pwm_on', board.call('pwm_on', { value }));
      },
      steady: () => {
        holding({ pwm: false });
        send('cp_state_X1', board.call('cp_state_X1', {}));
      },
      showF: () => {
        holding({ pwm: false });
        send('cp_state_F', board.call('cp_state_F', {}));
      },
      allowPower: (allow_power_on, reason) => {
        holding({ power: allow_power_on });
        send('allow_power_on', board.call('allow_power_on', { value: { allow_power_on, reason } }));
      },
      setOverCurrentLimit: (value) =>
        send('ac_set_overcurrent_limit_A', board.call('ac_set_overcurrent_limit_A', { value })),
      switchThreePhases: (value) =>
        send('ac_switch_three_phases_while_charging', board.call('ac_switch_three_phases_while_charging', { value })),
    },
    lock: lock && {
      lock: async () => void (await lock.call('lock', {})),
      unlock: async () => void (await lock.call('unlock', {})),
    },
    carLink,
    billingMeter: billingMeter && {
      start: (value) => billingMeter.call('start_transaction', { value }),
      stop: (transaction_id) => billingMeter.call('stop_transaction', { transaction_id }),
    },
    keyValue: keyValue && {
      load: (key) => keyValue.call('load', { key }),
      store: async (key, value) => void (await keyValue.call('store', { key, value })),
    },
    ownFaults: { raise: (report) => provided.raise(report), clear: (type, subType) => provided.clear(type, subType) },
    publish: publisher(module, provided.openJournal('session_event', store)),
    activeErrors: () => [...watched, provided.errors].flatMap((errors) => errors.active()),
  });

  for (const errors of watched)
    errors.listen({ raised: () => evse.errorsChanged(), cleared: () => evse.errorsChanged() });
  if (evse.link) listenToCar(module, evse, evse.link);
  board.subscribe('event', ({ event }) => evse.takeBoardEvent(event));
  board.subscribe('capabilities', (capabilities) => evse.energy.takeHardware(capabilities));
  board.subscribe('ac_nr_of_phases_available', (phases) => evse.energy.takePhases(phases));
  board.subscribe('ac_pp_ampacity', ({ ampacity }) => evse.energy.takeProximityPilot(ampacity));
  board.subscribe('request_stop_transaction', (request) => void evse.stopTransaction(request));
  board.subscribe('telemetry', (telemetry) => {
    evse.takeTelemetry(telemetry);
    provided.publish('telemetry', telemetry);
  });
  board.onPresence((present) => evse.boardPresent(present));
  board.onReunion(() => evse.boardReunited());
  billingMeter?.subscribe('powermeter', (value) => evse.takeBillingMeter(value));
  billingMeter?.subscribe('public_key_ocmf', (key) => provided.publish('powermeter_public_key_ocmf', key));
  gridSideMeter?.subscribe('powermeter', (value) => evse.energy.takeGridMeter(value));
  carSideMeter?.subscribe('powermeter', (value) => evse.energy.takeCarMeter(value));

  /** Handlers that only do something. */
  const done = (work: () => void): null => {
    work();
    return null;
  };

  provided.implement({
    get_evse: () => ({
      id: config.connector_id,
      connectors: [{ id: 1, type: connectorTypeOf(config.connector_type) }],
    }),
    enable_disable: ({ connector_id, cmd_source }) => evse.enableDisable(connector_id, cmd_source),
    authorize_response: ({ provided_token, validation_result }) =>
      done(() => evse.authorizeResponse(provided_token, validation_result)),
    withdraw_authorization: () => done(() => evse.withdrawAuthorization()),
    reserve: ({ reservation_id }) => evse.reserve(reservation_id),
    cancel_reservation: () => done(() => evse.cancelReservation()),
    pause_charging: () => evse.pause(true),
    resume_charging: () => evse.pause(false),
    stop_transaction: ({ request }) => evse.stopTransaction(request),
    force_unlock: ({ connector_id }) => evse.forceUnlock(connector_id),
    external_ready_to_start_charging: () => evse.externalReady(),
    set_plug_and_charge_configuration: ({ plug_and_charge_configuration }) =>
      done(() => {
        if (evse.link) evse.link.setPlugAndCharge(plug_and_charge_configuration);
        else log.info('no ISO 15118: Plug & Charge settings have no effect');
      }),
    // As the reference, whose list of what is allowed stays empty.
    update_allowed_energy_transfer_modes: () => (carLink ? 'IncompatibleEnergyTransfer' : 'NoHlc'),
    set_der_available: () => 'NoHlc',
  });
  energyGrid.implement({
    enforce_limits: ({ value }, caller) => done(() => evse.enforce(value, !module.knows(caller.moduleId))),
  });
  module.provide('token_provider').implement({});
  randomDelay.implement({
    enable: () => done(() => evse.randomDelay.enable()),
    disable: () => done(() => evse.randomDelay.disable()),
    cancel: () => done(() => evse.randomDelay.cancel()),
    set_duration_s: ({ value }) => done(() => evse.randomDelay.setMaxDurationS(value)),
  });
  derate.implement({
    set_external_derating: () => {
      throw new CommandError('HandlerException', 'this EVSE charges with AC: there is no DC to derate');
    },
  });

  const outside = `everest_external/nodered/${config.connector_id}/cmd/`;
  const enableBy = (enable_state: 'Enable' | 'Disable') => () =>
    void evse.enableDisable(0, { enable_source: 'LocalAPI', enable_state, enable_priority: LOCAL_API_PRIORITY });
  module.mqtt.subscribe(`${outside}enable`, enableBy('Enable'));
  module.mqtt.subscribe(`${outside}disable`, enableBy('Disable'));
  module.mqtt.subscribe(`${outside}pause_charging`, () => void evse.pause(true));
  module.mqtt.subscribe(`${outside}resume_charging`, () => void evse.pause(false));
  // What the CSMS was told of a car that is unplugged; what it says last holds while OCPP is away.
  module.mqtt.subscribe('chargemesh/modules/+/unplugging', (payload) => {
    const ends = readEnds(payload);
    if (ends !== undefined) evse.outliveUnplugging(!ends);
  });
  module.mqtt.subscribe(`${outside}switch_three_phases_while_charging`, (text) => evse.useThreePhases(text === 'true'));

  return {
    ready: () => evse.begin(),
    shutdown: async () => {
      evse.shutdown();
      // The board has to have heard it before this module hangs up.
      await Promise.all(underWay);
    },
  };
}

/** @returns whether unplugging ends a transaction; undefined where the text does not say so */
function readEnds(payload: string): boolean | undefined {
  try {
    const { ends_transaction } = JSON.parse(payload);
    return typeof ends_transaction === 'boolean' ? ends_transaction : undefined;
  } catch {
    return undefined;
  }
}

function publisher(module: EvseManager, sessionEvents: ValueJournal<SessionEvent>): EvsePublisher {
  const evse = module.provide('evse');
  const energyGrid = module.provide('energy_grid');
  const randomDelay = module.provide('random_delay');
  const tokens = module.provide('token_provider');
  const outside = `everest_external/nodered/${module.config.connector_id}/`;
  /** A value that cannot be told must not stop a car from charging, or from stopping. */
  const tell = (publish: () => void): void => {
    try {
      publish();
    } catch (error) {
      module.log.error(messageOf(error));
    }
  };
  return {
    sessionEvent: (event) => tell(() => sessionEvents.publish(event)),
    written: () => sessionEvents.written(),
    selectedProtocol: (protocol) => tell(() => evse.publish('selected_protocol', protocol)),
    evInfo: (info) => tell(() => evse.publish('ev_info', info)),
    limits: (limits) => tell(() => evse.publish('limits', limits)),
    enforcedLimits: (limits) => tell(() => evse.publish('enforced_limits', limits)),
    hardwareCapabilities: (capabilities) => tell(() => evse.publish('hw_capabilities', capabilities)),
    powermeter: (value) => tell(() => evse.publish('powermeter', value)),
    energyRequest: (request) => tell(() => energyGrid.publish('energy_flow_request', request)),
    countdown: (countdown) => tell(() => randomDelay.publish('countdown', countdown)),
    evseId: (id) => tell(() => evse.publish('evse_id', id)),
    waitingForExternalReady: (waiting) => tell(() => evse.publish('waiting_for_external_ready', waiting)),
    supportedEnergyTransferModes: (modes) => tell(() => evse.publish('supported_energy_transfer_modes', modes)),
    ready: () => tell(() => evse.publish('ready', true)),
    token: (token) => tell(() => tokens.publish('provided_token', token)),
    external: (topic, text) => module.mqtt.publish(`${outside}${topic}`, text),
    logRow: ({ origin, message }) =>
      module.mqtt.publish(
        `everest_api/${module.id}/var/hlc_log`,
        JSON.stringify({ origin, target: origin, iso15118: '', msg: message }),
      ),
  };
}
