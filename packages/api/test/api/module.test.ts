import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, silentLogger } from '@chargemesh/base';
import type { ConfigValue } from '@chargemesh/contracts';
import { boardCapabilities, type Probe, TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APIModule } from '../../src/index.ts';

const now = '2026-01-01T00:00:00.000Z';
const meter = (importWh: number) => ({ timestamp: now, energy_Wh_import: { total: importWh } });
const event = (name: string, more: object = {}) => ({ event: name, timestamp: now, uuid: 'u', ...more });
const id_tag = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID' };

let folder: string;
let mesh: TestMesh;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-'));
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true });
});

interface Wanted {
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly bare?: boolean;
  readonly withCharger?: boolean;
  readonly log?: Logger;
  readonly sinkWithoutMapping?: boolean;
  /** What the EVSEs say they are; undefined for one that fails. */
  readonly evseIds?: readonly (number | undefined)[];
}

interface Played {
  readonly evse: Probe;
  readonly other: Probe;
  readonly ocpp: Probe;
  readonly history: Probe;
  readonly sink: Probe;
  readonly otherSink: Probe;
  readonly charger: Probe;
}

/** A station with two EVSEs; all but the API is played. */
async function startMesh({
  config = {},
  bare,
  withCharger,
  sinkWithoutMapping,
  evseIds = [1, 2],
  log = silentLogger,
}: Wanted = {}): Promise<Played> {
  mesh = new TestMesh({ stateDir: folder, log });
  const evseParts = { evse: 'evse_manager', random_delay: 'uk_random_delay' };
  const played: Played = {
    evse: mesh.probe('connector_1', evseParts, { evse: 1 }),
    other: mesh.probe('connector_2', evseParts, { evse: 2 }),
    ocpp: mesh.probe('ocpp', { ocpp_generic: 'ocpp' }),
    history: mesh.probe('error_history', { error_history: 'error_history' }),
    sink: mesh.probe(
      'sink_1',
      { external_limits: 'external_energy_limits' },
      sinkWithoutMapping ? undefined : { evse: 1 },
    ),
    otherSink: mesh.probe('sink_2', { external_limits: 'external_energy_limits' }, { evse: 2 }),
    charger: mesh.probe('charger', { main: 'charger_information' }),
  };
  for (const evse of [played.evse, played.other])
    for (const command of ['enable_disable', 'pause_charging', 'resume_charging', 'stop_transaction', 'force_unlock'])
      evse.answer('evse', command, () => true);
  for (const [index, evse] of [played.evse, played.other].entries())
    evse.answer('evse', 'get_evse', () => {
      const id = evseIds[index];
      if (id === undefined) throw new Error('who knows');
      return { id, connectors: [{ id: 1 }] };
    });
  for (const command of ['enable', 'disable', 'cancel', 'set_duration_s'])
    played.evse.answer('random_delay', command, () => null);
  for (const sink of [played.sink, played.otherSink]) sink.answer('external_limits', 'set_external_limits', () => null);
  played.history.answer('error_history', 'get_errors', () => []);
  played.charger.answer('main', 'get_charger_information', () => ({ vendor: 'Chargemesh', model: 'One' }));
  mesh.add(APIModule, {
    id: 'api',
    config,
    runOptions: { run: 'this one' },
    connections: {
      evse_manager: [
        ['connector_1', 'evse'],
        ['connector_2', 'evse'],
      ],
      ...(bare
        ? {}
        : {
            ocpp: [['ocpp', 'ocpp_generic']],
            error_history: [['error_history', 'error_history']],
            evse_energy_sink: [
              ['sink_2', 'external_limits'],
              ['sink_1', 'external_limits'],
            ],
            random_delay: [['connector_1', 'random_delay']],
          }),
      ...(withCharger ? { charger_information: [['charger', 'main']] } : {}),
    },
  });
  await mesh.start();
  return played;
}

const said = (topic: string) => mesh.external.messages(`everest_api/${topic}`).map(({ payload }) => payload);
const lastSaid = (topic: string) => said(topic).at(-1) ?? '';
const session = (evse = 'connector_1') => JSON.parse(lastSaid(`${evse}/var/session_info`));
const command = (name: string, payload: string, evse = 'connector_1') => {
  mesh.external.publish(`everest_api/${evse}/cmd/${name}`, payload);
  return mesh.settle();
};
async function release({ evse, other }: Played) {
  evse.publish('evse', 'ready', true);
  other.publish('evse', 'ready', true);
  await mesh.settle();
  evse.forgetCalls();
  other.forgetCalls();
}

describe('what is said each second', () => {
  test('all of it at once, and again each second; nothing is retained', async () => {
    await startMesh();
    const topics = [
      'connectors',
      'connector_1/var/datetime',
      'connector_1/var/session_info',
      'connector_1/var/hardware_capabilities',
      'connector_1/var/selected_protocol',
      'connector_2/var/session_info',
      'ocpp/var/connection_status',
      'errors/var/active_errors',
    ];
    for (const topic of topics) expect([topic, said(topic).length]).toEqual([topic, 1]);
    await mesh.clock.advance(999);
    for (const topic of topics) expect([topic, said(topic).length]).toEqual([topic, 1]);
    await mesh.clock.advance(1);
    for (const topic of topics) expect([topic, said(topic).length]).toEqual([topic, 2]);
    await mesh.clock.advance(8_000);
    for (const topic of topics) expect([topic, said(topic).length]).toEqual([topic, 10]);
    expect(said('connectors')[0]).toBe('["connector_1","connector_2"]');
    expect(said('connector_1/var/datetime').slice(0, 2)).toEqual([now, '2026-01-01T00:00:01.000Z']);
    expect(mesh.external.messages('everest_api/#').some(({ retained }) => retained)).toBe(false);
  });

  test('without OCPP and error history, what they would say is not known', async () => {
    await startMesh({ bare: true });
    expect(said('ocpp/var/connection_status')).toEqual(['unknown']);
    expect(said('errors/var/active_errors')).toEqual([]);
    expect(said('info/var/info')).toEqual([]);
  });

  test('the link to the CSMS, in one word', async () => {
    const { ocpp } = await startMesh();
    expect(lastSaid('ocpp/var/connection_status')).toBe('unknown');
    for (const [connected, word] of [
      [true, 'connected'],
      [false, 'disconnected'],
    ] as const) {
      ocpp.publish('ocpp_generic', 'connection_status', { connected });
      await mesh.clock.advance(1_000);
      expect(lastSaid('ocpp/var/connection_status')).toBe(word);
    }
  });

  test('charging schedules once each', async () => {
    const { ocpp } = await startMesh();
    const schedules = { schedules: [{ evse: 0, charging_rate_unit: 'A', charging_schedule_period: [] }] };
    ocpp.publish('ocpp_generic', 'charging_schedules', schedules);
    await mesh.settle();
    expect(said('ocpp/var/charging_schedules')).toEqual([]);
    await mesh.clock.advance(3_000);
    expect(said('ocpp/var/charging_schedules').map((text) => JSON.parse(text))).toEqual([schedules]);
  });

  test('each EVSE has a protocol of its own', async () => {
    const { evse } = await startMesh();
    expect(said('connector_1/var/selected_protocol')).toEqual(['']);
    evse.publish('evse', 'selected_protocol', 'IEC61851-1');
    await mesh.clock.advance(1_000);
    expect(lastSaid('connector_1/var/selected_protocol')).toBe('IEC61851-1');
    expect(lastSaid('connector_2/var/selected_protocol')).toBe('');
  });

  test('errors that are active, as the history has them', async () => {
    const { history } = await startMesh();
    const errors = [
      {
        type: 'evse_board_support/DiodeFault',
        description: 'A fault',
        message: 'A fault',
        severity: 'High',
        origin: { module_id: 'yeti', implementation_id: 'board_support' },
        timestamp: now,
        uuid: 'u-1',
        state: 'Active',
      },
    ];
    history.answer('error_history', 'get_errors', () => errors);
    await mesh.clock.advance(1_000);
    expect(JSON.parse(lastSaid('errors/var/active_errors'))).toEqual(errors);
    expect(history.calls('error_history', 'get_errors').at(-1)?.args).toEqual({ filters: { state_filter: 'Active' } });
  });

  test('a history that fails or is slow is asked once at a time, and again later', async () => {
    const { history } = await startMesh();
    history.answer('error_history', 'get_errors', () => {
      throw new Error('the disk is full');
    });
    await mesh.clock.advance(2_000);
    history.answer('error_history', 'get_errors', () => mesh.clock.sleep(2_500).then(() => []));
    const before = history.calls('error_history', 'get_errors').length;
    await mesh.clock.advance(3_000);
    expect(history.calls('error_history', 'get_errors').length - before).toBe(1);
    expect(said('errors/var/active_errors')).toHaveLength(1);
    await mesh.clock.advance(1_000);
    expect(said('errors/var/active_errors')).toHaveLength(2);
  });

  test('facts about the charger from a file', async () => {
    const file = join(folder, 'charger.yaml');
    writeFileSync(file, 'vendor: Chargemesh\nfuses: [63, 63, 63]\n');
    await startMesh({ config: { charger_information_file: file }, withCharger: true });
    await mesh.clock.advance(1_000);
    expect(said('info/var/info')).toEqual(Array(2).fill('{"vendor":"Chargemesh","fuses":[63,63,63]}'));
  });

  test('facts about the charger from a module', async () => {
    const { charger } = await startMesh({ withCharger: true });
    await mesh.clock.advance(1_000);
    expect(JSON.parse(lastSaid('info/var/info'))).toEqual({ vendor: 'Chargemesh', model: 'One' });
    expect(charger.calls('main')).toHaveLength(1);
  });
});

describe('what is said when it changes', () => {
  test('readings with two decimal places', async () => {
    const { evse } = await startMesh();
    evse.publish('evse', 'powermeter', {
      timestamp: now,
      meter_id: 'M1',
      phase_seq_error: false,
      energy_Wh_import: { total: 1234.567, L1: 411.5, L2: 411.5, L3: 411.567 },
      energy_Wh_export: { total: 0 },
      power_W: { total: 20_508 },
      voltage_V: { L1: 230.005, DC: 400 },
      VAR: { total: 1.006 },
      current_A: { L1: 32.1113, N: 0.2 },
      frequency_Hz: { L1: 49.994 },
    });
    evse.publish('evse', 'limits', { uuid: 'connector_1', max_current: 32, nr_of_phases_available: 3 });
    evse.publish('evse', 'telemetry', {
      evse_temperature_C: 25,
      fan_rpm: 1500,
      supply_voltage_12V: 12.010000228881836,
      supply_voltage_minus_12V: -11.800000190734863,
      relais_on: true,
    });
    evse.publish('evse', 'ev_info', { soc: 42.5 });
    await mesh.settle();
    expect(said('connector_1/var/powermeter')).toEqual([
      `{"timestamp": "${now}","meter_id": "M1","phase_seq_error": false,` +
        '"energy_Wh_import": {"total": 1234.57,"L1": 411.50,"L2": 411.50,"L3": 411.57},"energy_Wh_export": {"total": 0.00},' +
        '"power_W": {"total": 20508.00},"voltage_V": {"DC": 400.00,"L1": 230.00},"VAR": {"total": 1.01},' +
        '"current_A": {"L1": 32.11,"N": 0.20},"frequency_Hz": {"L1": 49.99}}',
    ]);
    expect(said('connector_1/var/limits')).toEqual([
      '{"uuid": "connector_1","nr_of_phases_available": 3,"max_current": 32.00}',
    ]);
    expect(said('connector_1/var/telemetry')).toEqual([
      '{"phase_seq_error": true,"relais_on": true,"temperature": 25.00,"fan_rpm": 1500.00,"supply_voltage_12V": 12.01,' +
        '"supply_voltage_minus_12V": -11.80}',
    ]);
    expect(said('connector_1/var/ev_info').map((text) => JSON.parse(text))).toEqual([{ soc: 42.5 }]);
    expect(said('connector_2/var/powermeter')).toEqual([]);
  });

  test('rounded and cut as configured', async () => {
    const { evse } = await startMesh({
      config: {
        powermeter_power_decimal_places: 0,
        powermeter_power_round_to: 50,
        limits_max_current_decimal_places: 1,
        limits_max_current_round_to: 0.5,
        telemetry_plug_temperature_C_decimal_places: 3,
      },
    });
    evse.publish('evse', 'powermeter', { ...meter(0), power_W: { total: 20_530 } });
    evse.publish('evse', 'limits', { max_current: 15.8, nr_of_phases_available: 1 });
    evse.publish('evse', 'telemetry', {
      evse_temperature_C: 1,
      plug_temperature_C: 30.12345,
      fan_rpm: 0,
      supply_voltage_12V: 12,
      supply_voltage_minus_12V: -12,
      relais_on: false,
    });
    await mesh.settle();
    expect(lastSaid('connector_1/var/powermeter')).toContain('"power_W": {"total": 20550}');
    expect(lastSaid('connector_1/var/limits')).toBe('{"nr_of_phases_available": 1,"max_current": 16.0}');
    expect(lastSaid('connector_1/var/telemetry')).toContain('"plug_temperature_C": 30.123');
  });

  test('hardware capabilities at once, and then each second', async () => {
    const { evse } = await startMesh();
    expect(said('connector_1/var/hardware_capabilities')).toEqual(['']);
    evse.publish('evse', 'hw_capabilities', { ...boardCapabilities, max_plug_temperature_C: 80 });
    await mesh.settle();
    const capabilities =
      '{"max_phase_count_import": 3,"min_phase_count_import": 1,"max_phase_count_export": 3,"min_phase_count_export": 1,' +
      '"supports_changing_phases_during_charging": true,"max_current_A_import": 32.00,"min_current_A_import": 6.00,' +
      '"max_current_A_export": 16.00,"min_current_A_export": 0.00,"max_plug_temperature_C": 80.00,' +
      '"connector_type": "IEC62196Type2Cable"}';
    expect(said('connector_1/var/hardware_capabilities')).toEqual(['', capabilities]);
    await mesh.clock.advance(1_000);
    expect(said('connector_1/var/hardware_capabilities')).toEqual(['', capabilities, capabilities]);
  });

  test('the folder of a session log, and a session at the end of its transaction', async () => {
    const { evse } = await startMesh();
    evse.publish(
      'evse',
      'session_event',
      event('SessionStarted', {
        session_started: { reason: 'EVConnected', meter_value: meter(0), logging_path: '/logs/1' },
      }),
    );
    await mesh.settle();
    expect(said('connector_1/var/logging_path')).toEqual(['/logs/1']);
    expect(said('connector_1/var/session_info')).toHaveLength(1);
    evse.publish(
      'evse',
      'session_event',
      event('TransactionStarted', { transaction_started: { id_tag, meter_value: meter(5) } }),
    );
    evse.publish(
      'evse',
      'session_event',
      event('TransactionFinished', { transaction_finished: { reason: 'Local', meter_value: meter(105) } }),
    );
    await mesh.settle();
    expect(said('connector_1/var/session_info')).toHaveLength(2);
    expect(session()).toMatchObject({ state: 'FinishedEVSE', charged_energy_wh: 100 });
  });
});

describe('session_info', () => {
  test('is permanently faulted while the EVSE is inoperative', async () => {
    const { evse } = await startMesh();
    evse.raise('evse', { type: 'evse_manager/Inoperative' });
    await mesh.clock.advance(1_000);
    expect([session().permanent_fault, session('connector_2').permanent_fault]).toEqual([true, false]);
    evse.clear('evse', 'evse_manager/Inoperative');
    await mesh.clock.advance(1_000);
    expect(session().permanent_fault).toBe(false);
  });

  test('follows the meter, and a random delay', async () => {
    const { evse } = await startMesh();
    evse.publish(
      'evse',
      'session_event',
      event('TransactionStarted', { transaction_started: { id_tag, meter_value: meter(10) } }),
    );
    evse.publish(
      'evse',
      'session_event',
      event('ChargingStarted', { charging_state_changed_event: { meter_value: meter(10) } }),
    );
    await mesh.clock.advance(5_500);
    evse.publish('evse', 'powermeter', { ...meter(40), power_W: { total: 3680 } });
    evse.publish('random_delay', 'countdown', {
      countdown_s: 9,
      current_limit_after_delay_A: 16,
      current_limit_during_delay_A: 0,
    });
    await mesh.clock.advance(500);
    expect(session()).toMatchObject({
      state: 'Charging',
      charged_energy_wh: 30,
      charging_duration_s: 5,
      latest_total_w: 3680,
      uk_random_delay: { remaining_s: 9 },
    });
    expect(session('connector_2')).toMatchObject({ state: 'Unknown', charged_energy_wh: 0, latest_total_w: 0 });
    expect(session('connector_2')).not.toHaveProperty('uk_random_delay');
  });

  test('outlives its module', async () => {
    const { evse } = await startMesh();
    evse.publish(
      'evse',
      'session_event',
      event('Enabled', { source: { enable_source: 'CSMS', enable_state: 'Enable', enable_priority: 5000 } }),
    );
    evse.publish(
      'evse',
      'session_event',
      event('TransactionStarted', { transaction_started: { id_tag, meter_value: meter(10) } }),
    );
    evse.publish(
      'evse',
      'session_event',
      event('ChargingStarted', { charging_state_changed_event: { meter_value: meter(10) } }),
    );
    await mesh.settle();
    await mesh.kill('api');
    await mesh.startModule('api');
    await mesh.sayReady();
    expect(session()).toMatchObject({ state: 'Charging', active_enable_disable_source: { source: 'CSMS' } });
    evse.publish('evse', 'powermeter', meter(60));
    await mesh.clock.advance(1_000);
    expect(session().charged_energy_wh).toBe(50);
  });
});

test('a disk that takes nothing keeps nobody from hearing of a session', async () => {
  const said: string[] = [];
  const log: Logger = { ...silentLogger, error: (message) => said.push(message), child: () => log };
  const { evse } = await startMesh({ log });
  const database = new DatabaseSync(join(folder, 'api/api.db'));
  database.exec('DROP TABLE snapshot');
  database.close();
  evse.publish('evse', 'session_event', event('AuthRequired'));
  await mesh.clock.advance(1_000);
  expect(session().state).toBe('AuthRequired');
  evse.publish('evse', 'session_event', event('PluginTimeout'));
  await mesh.clock.advance(1_000);
  expect(session().state).toBe('AuthTimeout');
  expect(said).toEqual(Array(2).fill(expect.stringMatching(/^what connector_1 is at was not kept: no such table/)));
});

describe('commands', () => {
  test.each([
    ['pause_charging', 'now', 'pause_charging', {}],
    ['resume_charging', '', 'resume_charging', {}],
    ['stop_charging', 'x', 'stop_transaction', { request: { reason: 'Local' } }],
    [
      'disable',
      '1',
      'enable_disable',
      {
        connector_id: 1,
        cmd_source: { enable_source: 'LocalAPI', enable_state: 'Disable', enable_priority: 100 },
      },
    ],
    [
      'enable_disable',
      '{"source":"MobileApp","priority":7}',
      'enable_disable',
      {
        connector_id: 0,
        cmd_source: { enable_source: 'MobileApp', enable_state: 'Enable', enable_priority: 7 },
      },
    ],
  ])('%s %s', async (name, payload, called, args) => {
    const played = await startMesh();
    await release(played);
    await command(name, payload);
    expect(played.evse.calls('evse').map((call) => [call.command, call.args])).toEqual([[called, args]]);
    expect(played.other.calls('evse')).toEqual([]);
  });

  test('force_unlock stops first', async () => {
    const played = await startMesh();
    await release(played);
    await command('force_unlock', '');
    expect(played.evse.calls('evse').map((call) => [call.command, call.args])).toEqual([
      ['stop_transaction', { request: { reason: 'UnlockCommand' } }],
      ['force_unlock', { connector_id: 1 }],
    ]);
  });

  test.each([
    ['uk_random_delay', 'enable', 'enable', {}],
    ['uk_random_delay', 'disable', 'disable', {}],
    ['uk_random_delay', 'cancel', 'cancel', {}],
    ['uk_random_delay_set_max_duration_s', '900', 'set_duration_s', { value: 900 }],
  ])('%s %s', async (name, payload, called, args) => {
    const played = await startMesh();
    await release(played);
    await command(name, payload);
    // The second EVSE has none that is connected.
    await command(name, payload, 'connector_2');
    expect(played.evse.calls('random_delay').map((call) => [call.command, call.args])).toEqual([[called, args]]);
    expect(played.other.calls('random_delay')).toEqual([]);
  });

  test('a limit goes to the energy node of the same EVSE', async () => {
    const played = await startMesh();
    await release(played);
    await command('set_limit_amps', '10');
    expect(played.otherSink.calls('external_limits')).toEqual([]);
    expect(played.sink.calls('external_limits').map(({ args }) => args.value)).toEqual([
      {
        schedule_import: [
          {
            timestamp: now,
            limits_to_root: {},
            limits_to_leaves: { ac_max_current_A: { value: 10, source: 'API_module' } },
          },
        ],
        schedule_export: [
          {
            timestamp: now,
            limits_to_root: {},
            limits_to_leaves: { total_power_W: { value: 0, source: 'API_module' } },
          },
        ],
        schedule_setpoints: [],
      },
    ]);
    await command('set_limit_watts', '1000', 'connector_2');
    expect(played.otherSink.calls('external_limits')).toHaveLength(1);
  });

  test('an EVSE says which it is; where it does not, its mapping counts', async () => {
    const played = await startMesh({ evseIds: [2, undefined] });
    await release(played);
    await command('set_limit_amps', '10');
    expect([played.sink, played.otherSink].map((sink) => sink.calls('external_limits').length)).toEqual([0, 1]);
    await command('set_limit_amps', '10', 'connector_2');
    expect(played.otherSink.calls('external_limits')).toHaveLength(2);
  });

  test.each([
    ['enable_disable', ''],
    ['enable_disable', '{"state":"Perhaps"}'],
    ['disable', 'now'],
    ['force_unlock', 'please'],
    ['set_limit_amps', 'ten'],
    ['set_limit_amps_phases', '{"amps":10,"phases":2}'],
    ['uk_random_delay', 'maybe'],
  ])('%s with %j does nothing, and what follows is heard', async (name, payload) => {
    const played = await startMesh();
    await release(played);
    await command(name, payload);
    const all = () => [
      ...played.evse.calls('evse'),
      ...played.evse.calls('random_delay'),
      ...played.sink.calls('external_limits'),
    ];
    expect(all()).toEqual([]);
    await command('pause_charging', '');
    expect(all().map((call) => call.command)).toEqual(['pause_charging']);
  });

  test('nothing acts before all EVSEs are ready', async () => {
    const played = await startMesh();
    played.evse.forgetCalls();
    await command('disable', '0');
    await command('pause_charging', '');
    played.evse.publish('evse', 'ready', true);
    await mesh.settle();
    expect(played.evse.calls('evse')).toEqual([]);
    played.other.publish('evse', 'ready', true);
    await mesh.settle();
    expect(played.evse.calls('evse').map((call) => call.command)).toEqual(['enable_disable', 'pause_charging']);
  });

  test('a command that fails does not hold up the next', async () => {
    const played = await startMesh();
    await release(played);
    played.evse.answer('evse', 'pause_charging', () => {
      throw new Error('not now');
    });
    await command('pause_charging', '');
    await command('resume_charging', '');
    expect(played.evse.calls('evse', 'resume_charging')).toHaveLength(1);
  });
});

describe('what does not start', () => {
  test('a sink that belongs to no EVSE', async () => {
    await expect(startMesh({ sinkWithoutMapping: true })).rejects.toThrow(
      'evse_energy_sink sink_1/external_limits has no mapping',
    );
  });

  test('a file about the charger that is not there', async () => {
    await expect(startMesh({ config: { charger_information_file: '/nowhere/charger.yaml' } })).rejects.toThrow(
      'api: charger_information_file /nowhere/charger.yaml',
    );
  });
});
