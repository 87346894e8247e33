import { expect, jest, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from './mesh-process.ts';
import { atEnd, newMesh } from './meshes.ts';

jest.setTimeout(180_000);

const CARD = { value: 'DEADBEEF', type: 'ISO14443' };
/** The scripts of the dashboard's list come in four parts: plug in, stop and unplug, pause, resume. */
const AC_THREE_PHASES =
  'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000#unplug#pause;sleep 36000#draw_power_regulated 16,3;sleep 36000';
const [plugIn = '', stopAndUnplug = '', evPause = '', evResume = ''] = AC_THREE_PHASES.split('#');
/** What the error switches of the dashboard raise, and under which type it is on the bus. */
const board =
  'DiodeFault BrownOut EnergyManagement PermanentFault MREC2GroundFailure MREC4OverCurrentFailure MREC5OverVoltage ' +
  'MREC6UnderVoltage MREC8EmergencyStop MREC10InvalidVehicleMode MREC14PilotFault MREC15PowerLoss MREC17EVSEContactorFault ' +
  'MREC18CableOverTempDerate MREC19CableOverTempStop MREC20PartialInsertion MREC23ProximityFault MREC24ConnectorVoltageHigh ' +
  'MREC25BrokenLatch MREC26CutCable';
const switches: readonly (readonly [name: string, type: string])[] = [
  ...board.split(' ').map((name) => [name, `evse_board_support/${name}`] as const),
  ...['MREC2GroundFailure', 'VendorError', 'Selftest', 'AC', 'DC'].map(
    (name) => [`ac_rcd_${name}`, `ac_rcd/${name}`] as const,
  ),
  ...['CapNotCharged', 'UnexpectedOpen', 'UnexpectedClose', 'FailedUnlock'].map(
    (name) => [`lock_ConnectorLock${name}`, `connector_lock/ConnectorLock${name}`] as const,
  ),
  ['lock_MREC1ConnectorLockFailure', 'connector_lock/MREC1ConnectorLockFailure'],
  ['lock_VendorError', 'connector_lock/VendorError'],
  ['powermeter/CommunicationFault', 'powermeter/CommunicationFault'],
];

/** A dashboard: it knows topics and texts, and nothing of the mesh. */
class Dashboard {
  readonly #client: MqttClient;
  readonly #last = new Map<string, string>();
  readonly #all: { topic: string; payload: string }[] = [];

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload) => {
      this.#last.set(topic, payload.toString());
      this.#all.push({ topic, payload: payload.toString() });
    });
  }

  static async open(port: number): Promise<Dashboard> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    atEnd(() => client.endAsync());
    const dashboard = new Dashboard(client);
    await client.subscribeAsync([
      'everest_external/#',
      'everest_api/#',
      '/external/#',
      'everest/modules/+/impl/+/error/#',
    ]);
    return dashboard;
  }

  /** Presses a button of the panel of connector 1. */
  press(topic: string, payload: string): Promise<unknown> {
    return this.#client.publishAsync(`everest_external/nodered/1/${topic}`, payload);
  }

  publish(topic: string, payload: string): Promise<unknown> {
    return this.#client.publishAsync(topic, payload);
  }

  /** What the panel of connector 1 shows there. */
  shown(topic: string): string | undefined {
    return this.#last.get(`everest_external/nodered/1/${topic}`);
  }

  last(topic: string): string | undefined {
    return this.#last.get(topic);
  }

  shows(topic: string, fits: (text: string) => boolean): Promise<unknown> {
    return until(`${topic} (it shows ${this.shown(topic)})`, async () => fits(this.shown(topic) ?? ''), 40_000);
  }

  session(state: string): Promise<unknown> {
    const topic = 'everest_api/evse_manager_1/var/session_info';
    return until(`a session that is ${state}`, async () => this.last(topic)?.includes(`"state":"${state}"`), 40_000);
  }

  /** The states of errors of a type in order. */
  errors(type: string): unknown[] {
    return this.#all
      .filter(({ topic }) => topic.startsWith('everest/') && topic.endsWith(`/error/${type}`))
      .map(({ payload }) => JSON.parse(payload).data.state);
  }
}

test('the dashboard of EVerest drives a station, and sees what it does', async () => {
  const mesh = newMesh();
  await mesh.up(['config/config-sil-api.yaml', '--log-level', 'error']);
  const port = Number(/broker +127\.0\.0\.1:(\d+)/.exec(mesh.said)?.[1]);
  const dashboard = await Dashboard.open(port);

  // Simulation enable, Car Plugin, and Swipe of the RFID panel.
  await dashboard.press('carsim/cmd/enable', 'false');
  await dashboard.press('carsim/cmd/enable', 'true');
  await dashboard.press('carsim/cmd/execute_charging_session', plugIn);
  await dashboard.session('AuthRequired');
  const swipe = { id_token: CARD, authorization_type: 'RFID', prevalidated: false, connectors: [1] };
  await dashboard.publish('everest_api/dummy_token_provider/cmd/provide', JSON.stringify(swipe));
  await dashboard.session('Charging');

  // What the panel shows.
  await dashboard.shows('state/state_string', (text) => text === 'Charging');
  await dashboard.shows('state/state', (text) => /^\d+$/.test(text));
  await dashboard.shows('state/max_current', (text) => Number(text) === 32);
  await dashboard.shows('state/temperature', (text) => Number(text) > 0);
  await dashboard.shows('powermeter/totalKw', (text) => Number(text) > 1);
  await dashboard.shows('powermeter/totalKWattHr', (text) => Number(text) > 0);
  await dashboard.shows('powermeter/totalExportKWattHr', (text) => Number(text) === 0);
  await dashboard.shows('powermeter/time_stamp', (text) => /^\d{4}-.*Z$/.test(text));
  await dashboard.shows('powermeter/phaseSeqError', (text) => text === 'false');
  await dashboard.shows('powermeter_json', (text) => typeof JSON.parse(text) === 'object');
  expect(Number(dashboard.last('/external/powermeter/vrmsL1'))).toBeGreaterThan(200);
  expect(JSON.parse(dashboard.last('/external/powermeter_json') ?? '')).toHaveLength(1);

  // Pause and Resume: of the EVSE, then of the car.
  await dashboard.press('cmd/pause_charging', '');
  await dashboard.session('ChargingPausedEVSE');
  await dashboard.press('cmd/resume_charging', '');
  await dashboard.session('Charging');
  await dashboard.press('carsim/cmd/modify_charging_session', evPause);
  await dashboard.session('ChargingPausedEV');
  await dashboard.press('carsim/cmd/modify_charging_session', evResume);
  await dashboard.session('Charging');

  // The sliders of the panel lead nowhere, in EVerest as well; those of the API do.
  await dashboard.press('cmd/set_max_current', '6');
  await dashboard.press('cmd/set_max_watt', '1000');
  await dashboard.publish('everest_api/evse_manager_1/cmd/set_limit_amps', '13');
  await dashboard.shows('state/max_current', (text) => Number(text) === 13);
  await dashboard.publish('everest_api/evse_manager_1/cmd/set_limit_watts', '6900');
  await dashboard.shows('state/max_watt', (text) => Number(text) === 6900);
  await dashboard.press('cmd/switch_three_phases_while_charging', 'true');
  await dashboard.publish('everest_api/evse_manager_1/cmd/set_limit_amps', '32');

  // Stop & Unplug.
  await dashboard.press('carsim/cmd/modify_charging_session', stopAndUnplug);
  await dashboard.session('Unplugged');

  // The connector is switched off and on.
  await dashboard.press('cmd/disable', '1');
  await dashboard.session('Disabled');
  await dashboard.press('cmd/enable', '1');
  await dashboard.session('Unplugged');

  // The error switches.
  for (const [name, type] of switches) {
    await dashboard.press('carsim/error', JSON.stringify({ error_type: name, raise: 'true' }));
    await dashboard.press('carsim/error', JSON.stringify({ error_type: name, raise: 'false' }));
    await until(`${type} raised and cleared`, async () => dashboard.errors(type).length === 2);
    expect([type, dashboard.errors(type)]).toEqual([type, ['Active', 'ClearedByModule']]);
  }
  await until('no error', async () => dashboard.last('everest_api/errors/var/active_errors') === '[]');

  expect(await mesh.ledger()).toMatchObject([{ connectorId: 1, idTag: 'DEADBEEF', reason: 'EVDisconnected' }]);
  expect(await mesh.violations()).toEqual([]);
});
