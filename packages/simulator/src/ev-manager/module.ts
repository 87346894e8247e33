import { messageOf } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { speedOf } from '../run-options.ts';
import { Battery } from './battery.ts';
import { Car } from './car.ts';
import type { HlcRequest } from './car-actions.ts';
import type { CarPort } from './car-port.ts';

type EvModule = Module<'EvManager'>;

/** A car in software that carries out scripts at a simulated board. */
export const EvManagerModule: ModuleDefinition = defineModule('EvManager', setUp);

function setUp(module: EvModule): ModuleHooks {
  const { config, log, clock } = module;
  const main = module.provide('main');
  const manager = module.provide('ev_manager');
  const board = module.one('ev_board_support');
  const hlc = module.optional('ev');
  const slac = module.optional('slac');
  const kvs = config.keep_cross_boot_plugin_state ? module.optional('kvs') : undefined;
  const pluggedKey = `${module.id.replaceAll(/[^A-Za-z0-9_.]/g, '_')}_plugged`;
  const speed = speedOf(module.runOptions);

  /** Calls go out one after the other, so that the board hears of things in the order in which the car does them. */
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (what: string, call: () => Promise<unknown>): void => {
    last = last.then(call).catch((error) => log.warn(`${what} failed: ${messageOf(error)}`));
  };

  const port: CarPort = {
    setCpState: (letter) => inOrder('set_cp_state', () => board.call('set_cp_state', { cp_state: letter })),
    allowPowerOn: (value) => inOrder('allow_power_on', () => board.call('allow_power_on', { value })),
    setAcMaxCurrent: (current) => inOrder('set_ac_max_current', () => board.call('set_ac_max_current', { current })),
    setThreePhases: (on) => inOrder('set_three_phases', () => board.call('set_three_phases', { three_phases: on })),
    failDiode: (value) => inOrder('diode_fail', () => board.call('diode_fail', { value })),
    setRcdCurrent: (mA) => inOrder('set_rcd_error', () => board.call('set_rcd_error', { rcd_current_mA: mA })),
    triggerMatching: () => inOrder('trigger_matching', async () => slac?.call('trigger_matching', {})),
    resetMatching: () => inOrder('slac reset', async () => slac?.call('reset', {})),
    startHlc: (request) => inOrder('start_charging', () => startHlc(request)),
    stopHlc: () => inOrder('stop_charging', async () => hlc?.call('stop_charging', {})),
    pauseHlc: () => inOrder('pause_charging', async () => hlc?.call('pause_charging', {})),
    info: (info) => {
      manager.publish('ev_info', info);
      const { soc } = info;
      if (hlc && soc !== undefined) inOrder('update_soc', () => hlc.call('update_soc', { SoC: soc }));
    },
    plugged: (value) => {
      if (kvs) inOrder('keeping the plug state', () => kvs.call('store', { key: pluggedKey, value }));
    },
  };

  const car = new Car(
    {
      equipment: { ev: hlc !== undefined, slac: slac !== undefined },
      pluginCommands: config.plugin_commands,
      ...(config.auto_exec && config.auto_exec_infinite ? { repeat: config.auto_exec_commands } : {}),
      speed,
      acVoltageV: config.ac_nominal_voltage,
      dcTargetCurrentA: config.dc_target_current,
      dcTargetVoltageV: config.dc_target_voltage,
    },
    {
      clock,
      log,
      port,
      battery: new Battery(clock, { capacityWh: config.dc_energy_capacity, soc: config.soc, speed }),
    },
  );

  async function startHlc(request: HlcRequest): Promise<void> {
    if (!hlc) return;
    const acMode = config.three_phases ? 'AC_three_phase_core' : 'AC_single_phase_core';
    try {
      const started = await hlc.call('start_charging', {
        EnergyTransferMode: request.mode === 'dc' ? 'DC_extended' : acMode,
        SelectedPaymentOption: {
          enforce_payment_option: config.force_payment_option,
          ...(request.payment ? { payment_option: request.payment } : {}),
        },
        DepartureTime: request.departureS ?? config.departure_time,
        EAmount: request.energyWh ?? config.e_amount,
      });
      if (started) return;
      log.warn('the communication controller did not start a session');
    } catch (error) {
      log.warn(`start_charging failed: ${messageOf(error)}`);
    }
    car.hlcFinished();
  }

  function enable(on: boolean): void {
    if (!car.enable(on)) return;
    inOrder('enable', () => board.call('enable', { value: on }));
    // Told after the board knows it, so that a script that follows finds the board ready.
    inOrder('telling that the car is enabled', async () => main.publish('enabled', on));
  }

  /** For messages from outside, which nobody answers. */
  const orLog = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.warn(messageOf(error));
    }
  };

  /** For commands of the mesh: whoever asked hears of it as well. */
  function orLogAndThrow(work: () => void): void {
    try {
      work();
    } catch (error) {
      log.warn(messageOf(error));
      throw error;
    }
  }

  main.implement({
    enable: ({ value }) => {
      enable(value);
      return null;
    },
    execute_charging_session: ({ value }) => {
      orLogAndThrow(() => car.execute(value));
      return null;
    },
  });
  manager.implement({});

  board.subscribe('bsp_event', (event) => {
    manager.publish('bsp_event', event);
    car.bspEvent(event.event);
  });
  board.subscribe('bsp_measurement', ({ cp_pwm_duty_cycle }) => car.measured(cp_pwm_duty_cycle));
  let boardLeft = false;
  board.onPresence((present) => {
    const returned = present && boardLeft;
    boardLeft = !present;
    if (!returned || !car.enabled) return;
    inOrder('enable', () => board.call('enable', { value: true }));
    car.tellAgain();
  });
  slac?.subscribe('state', (state) => car.slacChanged(state));
  hlc?.subscribe('ev_power_ready', (ready) => car.evPowerReadyChanged(ready));
  hlc?.subscribe('dc_power_on', () => car.signal('dc-power-on'));
  hlc?.subscribe('stop_from_charger', () => car.signal('stop-from-charger'));
  hlc?.subscribe('pause_from_charger', () => car.signal('pause-from-charger'));
  hlc?.subscribe('v2g_session_finished', () => car.hlcFinished());

  const topics = `everest_external/nodered/${config.connector_id}/carsim/cmd`;
  module.mqtt.subscribe(`${topics}/enable`, (payload) => {
    if (payload === 'true' || payload === 'false') enable(payload === 'true');
    else log.warn(`enable the car? ${payload} is neither true nor false`);
  });
  module.mqtt.subscribe(`${topics}/execute_charging_session`, (script) => orLog(() => car.execute(script)));
  module.mqtt.subscribe(`${topics}/modify_charging_session`, (script) => orLog(() => car.modify(script)));

  return {
    ready: () => {
      port.allowPowerOn(false);
      port.setAcMaxCurrent(config.max_current);
      port.setThreePhases(config.three_phases);
      if (hlc) prepareHlc();
      if (config.auto_enable) enable(true);
      if (kvs)
        inOrder('reading the plug state', async () => {
          if ((await kvs.call('load', { key: pluggedKey })) === true && !car.running) car.restorePlugged();
        });
      if (config.auto_enable && config.auto_exec) orLog(() => car.execute(config.auto_exec_commands));
    },
    shutdown: () => car.stop(),
  };

  function prepareHlc(): void {
    inOrder('set_dc_params', async () =>
      hlc?.call('set_dc_params', {
        EvParameters: {
          max_current_limit: config.dc_max_current_limit,
          max_power_limit: config.dc_max_power_limit,
          max_voltage_limit: config.dc_max_voltage_limit,
          energy_capacity: config.dc_energy_capacity,
          target_current: config.dc_target_current,
          target_voltage: config.dc_target_voltage,
        },
      }),
    );
    if (!config.support_sae_j2847) return;
    inOrder('set_bpt_dc_params', async () =>
      hlc?.call('set_bpt_dc_params', {
        EvBPTParameters: {
          discharge_max_current_limit: config.dc_discharge_max_current_limit,
          discharge_max_power_limit: config.dc_discharge_max_power_limit,
          discharge_target_current: config.dc_discharge_target_current,
          discharge_minimal_soc: config.dc_discharge_v2g_minimal_soc,
        },
      }),
    );
    inOrder('enable_sae_j2847_v2g_v2h', async () => hlc?.call('enable_sae_j2847_v2g_v2h', {}));
  }
}
