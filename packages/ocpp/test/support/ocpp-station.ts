import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type ModuleDefinition } from '@chargemesh/framework';
import { type Probe, TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, jest } from '@jest/globals';
import { ocppModule } from '../../src/module.ts';
import { CsmsDouble } from './csms-double.ts';

const ocppConfig = {
  Internal: {
    ChargePointId: 'cp001',
    CentralSystemURI: 'ws://csms/ocpp',
    ChargeBoxSerialNumber: 'cp001',
    ChargePointModel: 'Yeti',
    ChargePointVendor: 'Test',
    FirmwareVersion: '1',
  },
  Core: {
    AuthorizeRemoteTxRequests: true,
    ClockAlignedDataInterval: 0,
    ConnectionTimeOut: 20,
    ConnectorPhaseRotation: '0.RST',
    GetConfigurationMaxKeys: 100,
    HeartbeatInterval: 86_400,
    LocalAuthorizeOffline: false,
    LocalPreAuthorize: false,
    MeterValuesAlignedData: 'Energy.Active.Import.Register',
    MeterValuesSampledData: 'Energy.Active.Import.Register',
    MeterValueSampleInterval: 0,
    NumberOfConnectors: 1,
    ResetRetries: 1,
    StopTransactionOnInvalidId: true,
    StopTxnAlignedData: 'Energy.Active.Import.Register',
    StopTxnSampledData: 'Energy.Active.Import.Register',
    SupportedFeatureProfiles: 'Core,RemoteTrigger,Reservation',
    TransactionMessageAttempts: 3,
    TransactionMessageRetryInterval: 1,
    UnlockConnectorOnEVSideDisconnect: true,
  },
  Security: { SecurityProfile: 0 },
};

/** What a meter says now. */
export const meterValue = (wh: number, mesh: TestMesh): types.powermeter.Powermeter => ({
  timestamp: formatTimestamp(mesh.clock.wallMs()),
  energy_Wh_import: { total: wh },
});
/** A card as a reader hands it over. */
export const card: object = {
  authorization_type: 'RFID',
  id_token: { value: 'TAG1', type: 'ISO14443' },
  connectors: [1],
};

/** A station in a mesh that a test plays. */
export interface Station {
  mesh: TestMesh;
  csms: CsmsDouble;
  evse: Probe;
  auth: Probe;
  system: Probe;
  session: (event: string, details?: object, uuid?: string) => Promise<void>;
}

let folder = '';

/** Gives each test of a file a folder with the configuration of its station. To be called at the top of it. */
export function useStationFolder(): void {
  // All is virtual time, but the first mesh of a file loads every contract, on a machine that may be busy.
  jest.setTimeout(30_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chargemesh-ocpp-'));
    configure({});
  });
  afterEach(() => rmSync(folder, { recursive: true }));
}

/** A path in the folder of this test. */
export function inFolder(...names: readonly string[]): string {
  return join(folder, ...names);
}

/** The station's configuration with sections laid over it. */
export function configure(more: Readonly<Record<string, object>>): void {
  const sections = Object.entries({ ...ocppConfig, ...more }).map(([name, keys]) => [
    name,
    { ...(ocppConfig as Readonly<Record<string, object>>)[name], ...keys },
  ]);
  writeFileSync(inFolder('config.json'), JSON.stringify(Object.fromEntries(sections)));
}

/** How it differs from the usual one. */
export interface How {
  readonly stateDir?: string;
  readonly run?: string;
  /** Changes how the EVSE answers. */
  readonly evse?: (evse: Probe) => void;
  /** Takes the limits of EVSE 1. */
  readonly sink?: ModuleDefinition;
  /** Without it the sink stands at no EVSE. */
  readonly sinkUnmapped?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  /** What a module for messages of vendors answers. */
  readonly dataTransfer?: (request: object) => unknown;
  /** What a module that knows the charger answers. */
  readonly charger?: () => unknown;
}

/** Started; its EVSE does not wait to be released yet. */
export async function startStation({
  stateDir,
  run,
  evse: change,
  sink,
  sinkUnmapped = false,
  config,
  dataTransfer,
  charger,
}: How = {}): Promise<Station> {
  const mesh = new TestMesh(stateDir === undefined ? {} : { stateDir });
  const csms = new CsmsDouble(mesh.clock);
  mesh.add(ocppModule(csms), {
    id: 'ocpp',
    ...(run !== undefined && { runOptions: { run } }),
    config: {
      ChargePointConfigPath: inFolder('config.json'),
      UserConfigPath: inFolder('user.json'),
      ...config,
    },
    connections: {
      evse_manager: [['evse', 'evse']],
      auth: [['auth', 'main']],
      reservation: [['auth', 'reservation']],
      system: [['system', 'main']],
      security: [['security', 'main']],
      ...(sink && { evse_energy_sink: [['sink', 'external_limits']] }),
      ...(dataTransfer && { data_transfer: [['vendor', 'main']] }),
      ...(charger && { charger_information: [['charger', 'main']] }),
    },
  });
  if (sink)
    mesh.add(sink, {
      id: 'sink',
      ...(!sinkUnmapped && { mapping: { evse: 1 } }),
      config: { fuse_limit_A: 63, phase_count: 3 },
      connections: { energy_consumer: [] },
    });
  if (dataTransfer)
    mesh
      .probe('vendor', { main: 'ocpp_data_transfer' })
      .answer('main', 'data_transfer', ({ request }: { request: object }) => dataTransfer(request));
  if (charger)
    mesh.probe('charger', { main: 'charger_information' }).answer('main', 'get_charger_information', charger);
  const evse = mesh.probe('evse', { evse: 'evse_manager' });
  evse.answer('evse', 'get_evse', () => ({ id: 1, connectors: [{ id: 1 }] }));
  for (const command of [
    'enable_disable',
    'external_ready_to_start_charging',
    'stop_transaction',
    'pause_charging',
    'force_unlock',
  ])
    evse.answer('evse', command, () => true);
  change?.(evse);
  const auth = mesh.probe('auth', { main: 'auth', reservation: 'reservation' });
  auth.answer('reservation', 'exists_reservation', () => 'NotReserved');
  const system = mesh.probe('system', { main: 'system' });
  system.answer('main', 'get_boot_reason', () => 'PowerUp');
  system.answer('main', 'set_system_time', () => true);
  system.answer('main', 'is_reset_allowed', () => true);
  mesh.probe('security', { main: 'evse_security' });
  const session = async (
    event: string,
    details: object = {},
    uuid = '9589219c-9fb0-4e20-9819-ade2884d1403',
  ): Promise<void> => {
    evse.publish('evse', 'session_event', { uuid, timestamp: formatTimestamp(mesh.clock.wallMs()), event, ...details });
    await mesh.clock.advance(100);
  };
  await mesh.start();
  return { mesh, csms, evse, auth, system, session };
}

/** Started and booted. */
export async function booted(how: How = {}): Promise<Station> {
  const station = await startStation(how);
  station.evse.publish('evse', 'waiting_for_external_ready', true);
  await station.mesh.clock.advance(1000);
  return station;
}

/** With a transaction that charges. */
export async function charging(how: How = {}): Promise<Station> {
  const station = await booted(how);
  const { mesh, session } = station;
  await session('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meterValue(100, mesh) } });
  await session('TransactionStarted', { transaction_started: { id_tag: card, meter_value: meterValue(100.4, mesh) } });
  await session('ChargingStarted', { charging_state_changed_event: { meter_value: meterValue(101, mesh) } });
  return station;
}

/** An energy sink that writes down the limits that it is told. */
export function limitSink(limits: number[]): ModuleDefinition {
  return defineModule('EnergyNode', (module) => {
    module.provide('energy_grid').implement({ enforce_limits: () => null });
    module.provide('external_limits').implement({
      set_external_limits: ({ value }) => {
        limits.push(value.schedule_import[0]?.limits_to_leaves.ac_max_current_A?.value ?? -1);
        return null;
      },
    });
    return undefined;
  });
}
