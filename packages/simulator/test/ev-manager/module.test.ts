import { TestMesh } from '@chargemesh/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EvManagerModule } from '../../src/index.ts';

let mesh: TestMesh;
afterEach(() => mesh.stop());

async function startMesh(config: Record<string, string | number | boolean> = {}, plugged?: unknown) {
  mesh = new TestMesh();
  const board = mesh.probe('board', { ev: 'ev_board_support' });
  const store = mesh.probe('store', { main: 'kvs' });
  store.answer('main', 'load', () => plugged ?? null);
  const car = mesh.probe('iso15118_car', { ev: 'ISO15118_ev' });
  car.answer('ev', 'start_charging', () => true);
  const slac = mesh.probe('slac', { ev: 'ev_slac' });
  slac.answer('ev', 'trigger_matching', () => true);
  const hlc = config.connector_id === 2;
  mesh.add(EvManagerModule, {
    id: 'car-simulator',
    config: { connector_id: 1, ...config },
    connections: {
      ev_board_support: [['board', 'ev']],
      kvs: [['store', 'main']],
      ...(hlc ? { ev: [['iso15118_car', 'ev']], slac: [['slac', 'ev']] } : {}),
    },
  });
  await mesh.start();
  const calls = () => board.calls('ev').map(({ command, args }) => [command, ...Object.values(args ?? {})].join(' '));
  return { board, store, car, slac, calls };
}

const enabled = () => mesh.values('car-simulator', 'main', 'enabled');
const tell = (command: string, payload: string, connector = 1) => {
  mesh.external.publish(`everest_external/nodered/${connector}/carsim/cmd/${command}`, payload);
  return mesh.settle();
};

test('prepares the board at boot in the order of the reference', async () => {
  const { calls } = await startMesh({ auto_enable: true });
  expect(calls()).toEqual(['allow_power_on false', 'set_ac_max_current 16', 'set_three_phases true', 'enable true']);
  expect(enabled()).toEqual([true]);
});

test('is enabled and disabled from outside and by command; the same value again changes nothing', async () => {
  await startMesh();
  expect(enabled()).toEqual([]);
  await tell('enable', 'true');
  await tell('enable', 'true');
  expect(await mesh.call('car-simulator', 'main', 'enable', { value: true })).toBeNull();
  expect(enabled()).toEqual([true]);
  await tell('enable', 'perhaps');
  await tell('enable', 'false');
  expect(enabled()).toEqual([true, false]);
});

test('runs the script of the configuration by itself', async () => {
  const { calls } = await startMesh({ auto_enable: true, auto_exec: true, auto_exec_commands: 'pause;sleep 100' });
  expect(calls().slice(4)).toEqual([
    'set_cp_state A',
    'allow_power_on false',
    'set_cp_state B',
    'allow_power_on false',
  ]);
});

test('refuses a bad script: to a caller with an error, from outside silently, and lives on', async () => {
  const { calls } = await startMesh({ auto_enable: true });
  await tell('execute_charging_session', 'dance');
  await tell('modify_charging_session', '{"a":1}');
  await expect(
    mesh.call('car-simulator', 'main', 'execute_charging_session', { value: 'iso_start_v2g_session ac' }),
  ).rejects.toThrow('needs the requirement ev');
  await mesh.call('car-simulator', 'main', 'execute_charging_session', { value: 'pause;sleep 10' });
  expect(calls()).toContain('set_cp_state B');
});

test('passes on what the board says, and follows its measurements', async () => {
  const { board, calls } = await startMesh({ auto_enable: true });
  await tell('execute_charging_session', 'iec_wait_pwr_ready;draw_power_regulated 10,1;sleep 100');
  board.publish('ev', 'bsp_event', { event: 'B' });
  board.publish('ev', 'bsp_measurement', { cp_pwm_duty_cycle: 20, proximity_pilot: { ampacity: 'A_32' } });
  await mesh.settle();
  expect(mesh.values('car-simulator', 'ev_manager', 'bsp_event')).toEqual([{ event: 'B' }]);
  expect(calls().slice(-4)).toEqual([
    'set_ac_max_current 10',
    'set_three_phases false',
    'set_cp_state C',
    'allow_power_on true',
  ]);
});

describe('a car that stays plugged in over a restart', () => {
  test('keeps whether it is plugged in', async () => {
    const { store } = await startMesh({ auto_enable: true, keep_cross_boot_plugin_state: true });
    await tell('execute_charging_session', 'pause;sleep 1;unplug');
    await mesh.clock.advance(1000);
    expect(store.calls('main', 'store').map(({ args }) => args)).toEqual([
      { key: 'car_simulator_plugged', value: true },
      { key: 'car_simulator_plugged', value: false },
    ]);
  });

  test('is plugged in again at boot', async () => {
    const { calls } = await startMesh({ auto_enable: true, keep_cross_boot_plugin_state: true }, true);
    expect(calls().slice(-2)).toEqual(['set_cp_state B', 'allow_power_on false']);
  });

  test('not where the configuration does not ask for it', async () => {
    const { store, calls } = await startMesh({ auto_enable: true }, true);
    expect(store.calls('main')).toEqual([]);
    expect(calls()).not.toContain('set_cp_state B');
  });
});

test('carries out a session by ISO 15118 with the parts that are connected', async () => {
  const { car, slac } = await startMesh({ connector_id: 2, auto_enable: true });
  expect(car.calls('ev', 'set_dc_params')).toHaveLength(1);
  await tell('execute_charging_session', 'iso_wait_slac_matched;iso_start_v2g_session ac 3600 8000;sleep 9', 2);
  expect(slac.calls('ev', 'trigger_matching')).toHaveLength(1);
  slac.publish('ev', 'state', 'MATCHED');
  await mesh.settle();
  expect(car.calls('ev', 'start_charging')[0]?.args).toEqual({
    EnergyTransferMode: 'AC_three_phase_core',
    SelectedPaymentOption: { enforce_payment_option: false },
    DepartureTime: 3600,
    EAmount: 8000,
  });
});

describe('by its configuration', () => {
  test('a script is repeated for as long as the car is there', async () => {
    const { calls } = await startMesh({
      auto_enable: true,
      auto_exec: true,
      auto_exec_infinite: true,
      auto_exec_commands: 'pause;sleep 10',
    });
    await mesh.clock.advance(35_000);
    expect(calls().filter((call) => call === 'set_cp_state B')).toHaveLength(4);
    await tell('enable', 'false');
    await mesh.clock.advance(60_000);
    expect(calls().filter((call) => call === 'set_cp_state B')).toHaveLength(4);
  });

  test('it is carried out once where it is not to be repeated, and not at all by a car that is not enabled', async () => {
    const { calls } = await startMesh({ auto_enable: true, auto_exec: true, auto_exec_commands: 'pause;sleep 10' });
    await mesh.clock.advance(60_000);
    expect(calls().filter((call) => call === 'set_cp_state B')).toHaveLength(1);
    await mesh.stop();
    const without = await startMesh({ auto_exec: true, auto_exec_commands: 'pause;sleep 10' });
    await mesh.clock.advance(60_000);
    expect(without.calls()).not.toContain('set_cp_state B');
  });

  test('plugin stands for the configured commands', async () => {
    const { calls } = await startMesh({ auto_enable: true, plugin_commands: 'pause;sleep 1' });
    await tell('execute_charging_session', 'plugin;draw_power_fixed 10,1;sleep 60');
    expect(calls()).toContain('set_cp_state B');
    expect(calls()).not.toContain('set_cp_state C');
    await mesh.clock.advance(1_000);
    expect(calls()).toContain('set_cp_state C');
  });

  test.each([
    [{ three_phases: false }, 'ac', { EnergyTransferMode: 'AC_single_phase_core' }],
    [{ three_phases: true }, 'ac', { EnergyTransferMode: 'AC_three_phase_core' }],
    [{}, 'dc', { EnergyTransferMode: 'DC_extended' }],
    [{}, 'ac', { DepartureTime: 86_400, EAmount: 0 }],
    [{ departure_time: 7_200, e_amount: 30_000 }, 'ac', { DepartureTime: 7_200, EAmount: 30_000 }],
    [
      { force_payment_option: true },
      'ac contract',
      {
        SelectedPaymentOption: { enforce_payment_option: true, payment_option: 'Contract' },
      },
    ],
  ])('%j: a session by ISO 15118, %s', async (config, args, wanted) => {
    const { car } = await startMesh({ connector_id: 2, auto_enable: true, ...config });
    await tell('execute_charging_session', `iso_start_v2g_session ${args}`, 2);
    expect(car.calls('ev', 'start_charging')[0]?.args).toMatchObject(wanted);
  });

  test('feeding back is set up where it is configured', async () => {
    const { car } = await startMesh({ connector_id: 2, support_sae_j2847: true, dc_discharge_v2g_minimal_soc: 15 });
    expect(car.calls('ev', 'set_bpt_dc_params')[0]?.args).toEqual({
      EvBPTParameters: {
        discharge_max_current_limit: 300,
        discharge_max_power_limit: 150_000,
        discharge_target_current: 5,
        discharge_minimal_soc: 15,
      },
    });
    expect(car.calls('ev', 'enable_sae_j2847_v2g_v2h')).toHaveLength(1);
  });
});

test('the state of charge goes to whoever talks to the charger, and on the bus', async () => {
  const { board, car } = await startMesh({ connector_id: 2, auto_enable: true, soc: 50 });
  board.publish('ev', 'bsp_measurement', { cp_pwm_duty_cycle: 50, proximity_pilot: { ampacity: 'A_32' } });
  await tell('execute_charging_session', 'pause;draw_power_regulated 16,3;sleep 3600', 2);
  await mesh.clock.advance(3_600_000);
  const { soc, battery_capacity } = mesh.values('car-simulator', 'ev_manager', 'ev_info').at(-1);
  expect(soc).toBeCloseTo(68.4, 0);
  expect(battery_capacity).toBe(60_000);
  expect(car.calls('ev', 'update_soc').at(-1)?.args).toEqual({ SoC: soc });
});

test('a car that is busy is told no by its caller, and goes on', async () => {
  const { calls } = await startMesh({ auto_enable: true });
  await tell('execute_charging_session', 'pause;sleep 100');
  await expect(mesh.call('car-simulator', 'main', 'execute_charging_session', { value: 'unplug' })).rejects.toThrow(
    'a script is under way',
  );
  await tell('execute_charging_session', 'unplug');
  expect(calls().at(-2)).toBe('set_cp_state B');
  await tell('modify_charging_session', 'unplug');
  expect(calls().slice(-2)).toEqual(['set_cp_state A', 'allow_power_on false']);
});

test('a plug that is pulled from a real board ends the script', async () => {
  const { board, calls } = await startMesh({ auto_enable: true });
  await tell('execute_charging_session', 'pause;sleep 10;draw_power_fixed 16,3');
  board.publish('ev', 'bsp_event', { event: 'Disconnected' });
  await mesh.clock.advance(60_000);
  expect(calls().slice(-2)).toEqual(['set_cp_state A', 'allow_power_on false']);
  expect(calls()).not.toContain('set_cp_state C');
});
