import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardCapabilities, TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EvManagerModule, YetiSimulatorModule } from '../../src/index.ts';

let mesh: TestMesh;
afterEach(() => mesh.stop());

async function startMesh(
  config: Record<string, boolean | number | string> = {},
  kept?: { stateDir: string; run: string },
) {
  mesh = new TestMesh(kept && { stateDir: kept.stateDir });
  mesh.add(YetiSimulatorModule, {
    id: 'yeti_driver',
    config: { connector_id: 1, ...config },
    mapping: { evse: 1 },
    ...(kept && { runOptions: { run: kept.run } }),
  });
  mesh.add(EvManagerModule, {
    id: 'car_simulator',
    config: { connector_id: 1, auto_enable: true },
    connections: { ev_board_support: [['yeti_driver', 'ev_board_support']] },
  });
  await mesh.start();
  return mesh;
}

const events = () => mesh.values('yeti_driver', 'board_support', 'event').map(({ event }) => event);
const car = (command: string, payload: string) => {
  mesh.external.publish(`everest_external/nodered/1/carsim/cmd/${command}`, payload);
  return mesh.settle();
};
const bsp = (command: string, args: object = {}) => mesh.call('yeti_driver', 'board_support', command, args);
const allow = (on: boolean) =>
  bsp('allow_power_on', { value: { allow_power_on: on, reason: on ? 'FullPowerCharging' : 'PowerOff' } });
const fault = (type: string, raise: string) => {
  mesh.external.publish('everest_external/nodered/1/carsim/error', JSON.stringify({ error_type: type, raise }));
  return mesh.settle();
};
const errorTopics = (text: string) =>
  mesh.messages.filter(({ topic }) => topic.includes('/error/') && topic.includes(text)).map(({ topic }) => topic);

test('a whole charge: plug in, PWM, relay, energy, unplug', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await car('execute_charging_session', 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 32,3;sleep 60;unplug');
  await mesh.clock.advance(2000);
  expect(events()).toEqual(['A', 'B']);
  await bsp('pwm_on', { value: 53.33333611488342 });
  await mesh.clock.advance(1000);
  expect(events()).toEqual(['A', 'B', 'C']);
  await allow(true);
  expect(events().at(-1)).toBe('PowerOn');
  await mesh.clock.advance(30_000);
  const reading = mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1);
  expect(reading.power_W.total).toBeGreaterThan(20_000);
  expect(reading.energy_Wh_import.total).toBeGreaterThan(160);
  expect(mesh.values('car_simulator', 'ev_manager', 'ev_info').at(-1).soc).toBeGreaterThan(30.3);
  await mesh.clock.advance(30_000);
  expect(events().slice(-2)).toEqual(['A', 'PowerOff']);
  expect(mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1).power_W.total).toBe(0);
});

test('the car stops drawing as soon as the PWM ends', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await bsp('pwm_on', { value: 50 });
  await car('execute_charging_session', 'draw_power_regulated 16,1;sleep 600');
  await allow(true);
  await bsp('cp_state_X1');
  expect(events()).toEqual(['A', 'C', 'PowerOn', 'B', 'PowerOff']);
});

test('publishes with the keys of the reference', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await mesh.clock.advance(1000);
  const keys = (value: object) => Object.keys(value).sort();
  expect(keys(mesh.values('yeti_driver', 'powermeter', 'powermeter')[0])).toEqual([
    'current_A',
    'energy_Wh_export',
    'energy_Wh_import',
    'frequency_Hz',
    'meter_id',
    'phase_seq_error',
    'power_W',
    'temperatures',
    'timestamp',
    'voltage_V',
  ]);
  expect(mesh.values('yeti_driver', 'powermeter', 'public_key_ocmf')).toEqual(['TESTPUBLICKEY1']);
  expect(mesh.values('yeti_driver', 'board_support', 'capabilities')[0]).toMatchObject({
    max_current_A_import: 32,
    connector_type: 'IEC62196Type2Cable',
  });
  expect(keys(mesh.values('yeti_driver', 'ev_board_support', 'bsp_measurement')[0])).toEqual([
    'cp_pwm_duty_cycle',
    'proximity_pilot',
    'rcd_current_mA',
  ]);
  const external = new Set(mesh.external.messages('/external/#').map(({ topic }) => topic));
  expect([...external].sort()).toEqual([
    '/external/powermeter/phaseSeqError',
    '/external/powermeter/tempL1',
    '/external/powermeter/time_stamp',
    '/external/powermeter/totalKWattHr',
    '/external/powermeter/totalKw',
    '/external/powermeter/vrmsL1',
    '/external/powermeter_json',
    '/external/yeti_driver/powermeter/tempL1',
    '/external/yeti_driver/powermeter/totalKWattHr',
    '/external/yeti_driver/powermeter/totalKw',
  ]);
  expect(mesh.external.messages('/external/powermeter/tempL1')[0]?.payload).toBe('25.00000');
});

test('says what it can do, by its configuration', async () => {
  await startMesh();
  expect(mesh.values('yeti_driver', 'board_support', 'capabilities')).toEqual([boardCapabilities]);
  await mesh.stop();
  await startMesh({ max_current_A_import: 16, min_current_A_import: 8 });
  expect(mesh.values('yeti_driver', 'board_support', 'capabilities')).toEqual([
    { ...boardCapabilities, max_current_A_import: 16, min_current_A_import: 8 },
  ]);
});

test('signed values are those of the configuration, and the first comes at the start only where it is to', async () => {
  await startMesh({
    dummy_meter_value_send_on_transaction_start: false,
    dummy_meter_value_blob_start: 'from here',
    dummy_meter_value_blob_stop: 'to there',
  });
  const request = { evse_id: '1', transaction_id: 't', identification_status: 'ASSIGNED', identification_flags: [] };
  const value = { ...request, identification_type: 'ISO14443' };
  expect(await mesh.call('yeti_driver', 'powermeter', 'start_transaction', { value })).toEqual({ status: 'OK' });
  expect(await mesh.call('yeti_driver', 'powermeter', 'stop_transaction', { transaction_id: 't' })).toMatchObject({
    status: 'OK',
    start_signed_meter_value: { signed_meter_data: 'from here' },
    signed_meter_value: { signed_meter_data: 'to there' },
  });
});

test('a sensor that is reset trips no longer', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await car('execute_charging_session', 'pause;rcd_current 10;sleep 5');
  expect(errorTopics('ac_rcd/DC')).toHaveLength(1);
  expect(mesh.values('yeti_driver', 'rcd', 'rcd_current_mA').at(-1)).toBeGreaterThan(9.8);
  expect(await mesh.call('yeti_driver', 'rcd', 'reset')).toBe(true);
  expect(errorTopics('ac_rcd/DC')).toHaveLength(2);
});

test('the car measures the duty, its cable and the leak, and nothing while it is away', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await bsp('pwm_on', { value: 20 });
  const measured = () => mesh.values('yeti_driver', 'ev_board_support', 'bsp_measurement');
  expect(measured().at(-1)).toMatchObject({ cp_pwm_duty_cycle: 20, proximity_pilot: { ampacity: 'A_32' } });
  await car('enable', 'false');
  const before = measured().length;
  await bsp('pwm_on', { value: 40 });
  expect(measured()).toHaveLength(before);
  await car('enable', 'true');
  expect(measured().at(-1)).toMatchObject({ cp_pwm_duty_cycle: 40 });
});

test('a car that is taken away is unplugged, and its faults go with it', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await bsp('pwm_on', { value: 50 });
  await car('execute_charging_session', 'pause;rcd_current 10;sleep 1;diode_fail;sleep 600');
  await mesh.clock.advance(1000);
  await car('enable', 'false');
  expect(events()).toEqual(['A', 'B', 'A']);
  expect(errorTopics('DiodeFault')).toHaveLength(2);
  expect(errorTopics('ac_rcd/DC')).toHaveLength(2);
  expect(mesh.values('yeti_driver', 'ev_board_support', 'bsp_event').at(-1)).toEqual({ event: 'A' });
});

test('an idle board is read every five minutes of the wall clock, just before they are full', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await mesh.clock.advance(1_000);
  const readings = () => mesh.values('yeti_driver', 'powermeter', 'powermeter').map(({ timestamp }) => timestamp);
  expect(mesh.clock.nextDueMs()).toBe(299_500);
  const before = mesh.messages.length;
  await mesh.clock.advance(298_499);
  expect(mesh.messages).toHaveLength(before);
  await mesh.clock.advance(300_001);
  expect(readings()).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:04:59.500Z', '2026-01-01T00:09:59.500Z']);
});

test('a board is read at once where something changes, twice a second for a while, then each second', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await bsp('pwm_on', { value: 50 });
  await car('execute_charging_session', 'draw_power_regulated 16,3;sleep 600');
  await mesh.clock.advance(2_000);
  const counted = async (forMs: number) => {
    const before = mesh.values('yeti_driver', 'powermeter', 'powermeter').length;
    await mesh.clock.advance(forMs);
    return mesh.values('yeti_driver', 'powermeter', 'powermeter').length - before;
  };
  const before = mesh.values('yeti_driver', 'powermeter', 'powermeter').length;
  await allow(true);
  expect(mesh.values('yeti_driver', 'powermeter', 'powermeter')).toHaveLength(before + 1);
  expect(mesh.values('yeti_driver', 'board_support', 'telemetry').at(-1).relais_on).toBe(true);
  expect(await counted(10_000)).toBe(20);
  expect(await counted(60_000)).toBe(60);
  await bsp('pwm_on', { value: 20 });
  expect(await counted(5_000)).toBe(10);
});

test('whoever begins or ends a transaction at the meter finds a fresh reading', async () => {
  await startMesh();
  await bsp('enable', { value: true });
  await mesh.clock.advance(100_000);
  const value = { evse_id: '1', transaction_id: 't', identification_status: 'ASSIGNED', identification_flags: [] };
  const request = { ...value, identification_type: 'ISO14443' };
  await mesh.call('yeti_driver', 'powermeter', 'start_transaction', { value: request });
  expect(mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1).timestamp).toBe('2026-01-01T00:01:40.000Z');
});

test('the meter starts from zero with each car, or goes on where the configuration says so', async () => {
  for (const reset of [true, false]) {
    await startMesh({ reset_powermeter_on_session_start: reset });
    await bsp('enable', { value: true });
    await bsp('pwm_on', { value: 50 });
    await car('execute_charging_session', 'sleep 1;draw_power_regulated 16,3;sleep 60;unplug');
    await mesh.clock.advance(1000);
    await allow(true);
    await mesh.clock.advance(60_000);
    await car('execute_charging_session', 'sleep 1;pause;sleep 60');
    await mesh.clock.advance(1500);
    const { total } = mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1).energy_Wh_import;
    expect(total > 0).toBe(!reset);
    if (reset) await mesh.stop();
  }
});

test('counts energy and runs scripts at the speed of the run', async () => {
  mesh = new TestMesh();
  const runOptions = { speed: '60' };
  mesh.add(YetiSimulatorModule, { id: 'yeti_driver', config: { connector_id: 1 }, runOptions });
  mesh.add(EvManagerModule, {
    id: 'car_simulator',
    config: { connector_id: 1, auto_enable: true },
    connections: { ev_board_support: [['yeti_driver', 'ev_board_support']] },
    runOptions,
  });
  await mesh.start();
  await bsp('enable', { value: true });
  await bsp('pwm_on', { value: 53.3 });
  await car('execute_charging_session', 'draw_power_regulated 16,3;sleep 3600;unplug');
  await allow(true);
  await mesh.clock.advance(60_000);
  expect(events().at(-2)).toBe('A');
  const { total } = mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1).energy_Wh_import;
  expect(total).toBeGreaterThan(10_000);
});

describe('simulated errors', () => {
  test.each([
    ['MREC6UnderVoltage', 'yeti_driver/impl/board_support/error/evse_board_support/MREC6UnderVoltage'],
    ['ac_rcd_DC', 'yeti_driver/impl/board_support/error/ac_rcd/DC'],
    [
      'lock_MREC1ConnectorLockFailure',
      'yeti_driver/impl/connector_lock/error/connector_lock/MREC1ConnectorLockFailure',
    ],
    ['powermeter/CommunicationFault', 'yeti_driver/impl/powermeter/error/powermeter/CommunicationFault'],
  ])('%s is raised once and cleared once', async (type, topic) => {
    await startMesh();
    await fault(type, 'true');
    await fault(type, 'true');
    await fault(type, 'false');
    expect(errorTopics(type.split(/[_/]/).at(-1) ?? '')).toEqual([
      `everest/modules/${topic}`,
      `everest/modules/${topic}`,
    ]);
  });

  test('nonsense is refused, and the board lives on', async () => {
    await startMesh();
    await fault('Nonsense', 'true');
    mesh.external.publish('everest_external/nodered/1/carsim/error', '{');
    await mesh.settle();
    expect(errorTopics('')).toEqual([]);
    await bsp('enable', { value: true });
    expect(events()).toEqual(['A']);
  });

  test('a shorted diode that was injected stays when the car goes; one that was measured goes with it', async () => {
    await startMesh();
    await bsp('enable', { value: true });
    await bsp('pwm_on', { value: 50 });
    await car('execute_charging_session', 'pause;sleep 1;diode_fail;sleep 1;unplug');
    await mesh.clock.advance(1000);
    expect(errorTopics('DiodeFault')).toHaveLength(1);
    await mesh.clock.advance(1000);
    expect(errorTopics('DiodeFault')).toHaveLength(2);
    await fault('DiodeFault', 'true');
    await car('execute_charging_session', 'pause;sleep 1;unplug');
    await mesh.clock.advance(2000);
    expect(errorTopics('DiodeFault')).toHaveLength(3);
  });

  test('a shorted diode that is both measured and injected is over when it is neither', async () => {
    await startMesh();
    await bsp('enable', { value: true });
    await bsp('pwm_on', { value: 50 });
    await car('execute_charging_session', 'pause;sleep 1;diode_fail;sleep 600');
    await mesh.clock.advance(1000);
    await fault('DiodeFault', 'true');
    await fault('DiodeFault', 'false');
    expect(errorTopics('DiodeFault')).toHaveLength(1);
    await fault('DiodeFault', 'true');
    await car('modify_charging_session', 'unplug');
    expect(errorTopics('DiodeFault')).toHaveLength(1);
    await fault('DiodeFault', 'false');
    expect(errorTopics('DiodeFault')).toHaveLength(2);
  });

  test('a leak above 5 mA trips until the car is unplugged', async () => {
    await startMesh();
    await bsp('enable', { value: true });
    await car('execute_charging_session', 'pause;rcd_current 10;sleep 5;unplug');
    expect(errorTopics('ac_rcd/DC')).toHaveLength(1);
    await mesh.clock.advance(5000);
    expect(errorTopics('ac_rcd/DC')).toHaveLength(2);
  });
});

test('the meter signs what it is asked to', async () => {
  await startMesh();
  const start = { signed_meter_data: 'test start value', signing_method: 'dummy', encoding_method: 'plain' };
  const stop = { ...start, signed_meter_data: 'test stop value' };
  const value = {
    evse_id: '1',
    transaction_id: 't',
    identification_status: 'ASSIGNED',
    identification_flags: [],
    identification_type: 'ISO14443',
  };
  expect(await mesh.call('yeti_driver', 'powermeter', 'start_transaction', { value })).toEqual({
    status: 'OK',
    signed_meter_value: start,
  });
  expect(await mesh.call('yeti_driver', 'powermeter', 'stop_transaction', { transaction_id: '' })).toEqual({
    status: 'OK',
    start_signed_meter_value: start,
    signed_meter_value: stop,
  });
});

describe('the dead man', () => {
  const beat = (more: object = { heartbeat: '2026-01-01T00:00:00.000Z' }) => {
    mesh.external.publish(mesh.topics.status('tester'), JSON.stringify({ state: 'ready', ...more }));
    return mesh.settle();
  };
  const charge = async () => {
    await startMesh();
    await bsp('enable', { value: true });
    await bsp('pwm_on', { value: 50 });
    await car('execute_charging_session', 'draw_power_regulated 16,1;sleep 600');
    await allow(true);
    expect(events().at(-1)).toBe('PowerOn');
  };
  const duty = () => mesh.values('yeti_driver', 'ev_board_support', 'bsp_measurement').at(-1).cp_pwm_duty_cycle;

  test('opens the relay and ends PWM when whoever drives the board falls silent for 5 s', async () => {
    await charge();
    for (let second = 0; second < 20; second++) {
      await beat();
      await mesh.clock.advance(1000);
    }
    await mesh.clock.advance(3900);
    expect(events().at(-1)).toBe('PowerOn');
    await mesh.clock.advance(200);
    expect(events()).toContain('PowerOff');
    expect(duty()).toBe(100);
  });

  test('begins to count when it leaves before it gave a sign, and what it says of its state is none', async () => {
    await charge();
    await beat({ state: 'gone' });
    await beat({ state: 'gone' });
    await mesh.clock.advance(4900);
    await beat({ state: 'ready' });
    expect(events().at(-1)).toBe('PowerOn');
    await mesh.clock.advance(200);
    expect(events()).toContain('PowerOff');
  });

  test('holds nobody to it who never gave a sign', async () => {
    await charge();
    await beat({ state: 'ready' });
    await mesh.clock.advance(60_000);
    expect(events().at(-1)).toBe('PowerOn');
  });
});

describe('started anew alone', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'yeti-'));
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  async function charging(): Promise<void> {
    await startMesh({}, { stateDir, run: 'a' });
    await bsp('enable', { value: true });
    await bsp('pwm_on', { value: 50 });
    await car('execute_charging_session', 'draw_power_regulated 16,1;sleep 600');
    await mesh.clock.advance(1000);
    expect(events()).toEqual(['A', 'C']);
  }

  test('it finds the car where it was: nobody has unplugged it', async () => {
    await charging();
    await mesh.stopModule('yeti_driver');
    await mesh.startModule('yeti_driver');
    await mesh.sayReady();
    await bsp('enable', { value: true });
    // The car has left C when the board took its PWM away.
    expect(events()).toEqual(['A', 'C', 'B']);
    await bsp('pwm_on', { value: 50 });
    await mesh.clock.advance(1_000);
    await allow(true);
    await mesh.clock.advance(10_000);
    expect(mesh.values('yeti_driver', 'powermeter', 'powermeter').at(-1).power_W.total).toBeGreaterThan(3_000);
  });

  test('with the whole mesh it begins without a car', async () => {
    await charging();
    await mesh.stop();
    await startMesh({}, { stateDir, run: 'b' });
    await bsp('enable', { value: true });
    expect(events()).toEqual(['A']);
  });
});
