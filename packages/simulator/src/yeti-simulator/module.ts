import {
  DeadMan,
  defineModule,
  type Module,
  type ModuleDefinition,
  type ModuleHooks,
  RunMemory,
  runMemoryMigration,
} from '@chargemesh/framework';
import { meterPeriodMsOf, patienceMsOf, speedOf } from '../run-options.ts';
import { Board, type BoardOutputs, type PluggedCar } from './board.ts';
import { readInjection } from './error-injection.ts';
import { externalReadings } from './external-readings.ts';
import { Meter } from './meter.ts';
import { MeterPace } from './meter-pace.ts';
import { meterMigrations, StoredMeterMemory } from './meter-register.ts';
import { ResidualCurrent } from './residual-current.ts';

type Yeti = Module<'YetiSimulator'>;

const SIMULATED_FAULT = 'Simulated fault event';

/** A charging board in software: control pilot, relay, meter, residual current sensor and the plug of a simulated car. */
export const YetiSimulatorModule: ModuleDefinition = defineModule('YetiSimulator', setUp);

function setUp(module: Yeti): ModuleHooks {
  const { config, clock, random, log } = module;
  const boardSupport = module.provide('board_support');
  const carSupport = module.provide('ev_board_support');
  const powermeter = module.provide('powermeter');
  const temperatures = module.provide('temperature_sensor');
  const rcdSensor = module.provide('rcd');
  const lock = module.provide('connector_lock');

  const speed = speedOf(module.runOptions);
  const store = module.openStore('meter', [...meterMigrations, runMemoryMigration(2, 'car')]);
  // A board that is started anew alone finds the car: a real one would still stand there.
  const carMemory = new RunMemory<PluggedCar>(store, 'car', module.runOptions.run);
  const meter = new Meter(
    { nominalVoltageV: config.ac_nominal_voltage, nominalFrequencyHz: config.ac_nominal_frequency, speed },
    { clock, random, memory: new StoredMeterMemory(store) },
  );
  const pace = new MeterPace({
    clock,
    steadyMs: meterPeriodMsOf(module.runOptions) / speed,
    flows: () => meter.flows,
    read: publishMeter,
  });
  const rcd = new ResidualCurrent(random, (tripped) => setFault('ac_rcd/DC', tripped, 'DC residual current too high'));
  let temperatureC = 0;
  let carEnabled = false;
  let injectedDiodeFault = false;
  let seesDiodeFault = false;

  const outputs: BoardOutputs = {
    event: (event) => {
      // Who hears of it may begin or end something by the last reading.
      pace.refresh();
      boardSupport.publish('event', { event });
      publishState();
    },
    carEvent: (letter) => {
      carSupport.publish('bsp_event', { event: letter });
      if (letter === 'A') rcd.reset();
    },
    duty: () => publishMeasurement(rcd.readMa()),
    current: (currentA) => {
      meter.setCurrent(currentA);
      pace.changed();
    },
    plugged: () => {
      if (!config.reset_powermeter_on_session_start) return;
      meter.reset();
      pace.changed();
    },
    diodeFault: (active) => {
      seesDiodeFault = active;
      setFault('evse_board_support/DiodeFault', active || injectedDiodeFault, 'Shorted diode in the car');
    },
  };
  const board = new Board(outputs, carMemory.load());

  const deadMan = new DeadMan(
    { clock, heartbeat: module.heartbeat, patienceMs: patienceMsOf(module.runOptions) },
    (moduleId) => {
      if (!board.isDriven) return;
      log.error(`no sign of life of ${moduleId}: the relay opens and PWM ends`);
      board.goSafe();
    },
  );

  function setFault(type: 'evse_board_support/DiodeFault' | 'ac_rcd/DC', active: boolean, message: string): void {
    if (active) boardSupport.raise({ type, message, severity: 'High' });
    else boardSupport.clear(type);
  }

  function publishMeasurement(rcdMa: number): void {
    if (!carEnabled) return;
    carSupport.publish('bsp_measurement', {
      cp_pwm_duty_cycle: board.dutyPercent,
      proximity_pilot: { ampacity: 'A_32' },
      rcd_current_mA: rcdMa,
    });
  }

  function publishMeter(): void {
    const reading = meter.read();
    meter.save();
    powermeter.publish('powermeter', reading);
    for (const [topic, payload] of externalReadings(module.id, reading)) module.mqtt.publish(topic, payload);
    const { temperatures: measured = [] } = reading;
    temperatures.publish('temperatures', measured);
    temperatureC = measured[0]?.temperature ?? 0;
    publishTelemetry();
  }

  function publishTelemetry(): void {
    boardSupport.publish('telemetry', {
      evse_temperature_C: temperatureC,
      fan_rpm: 1500,
      supply_voltage_12V: 12.01,
      supply_voltage_minus_12V: -11.8,
      relais_on: board.relayClosed,
    });
  }

  /** What changes with the pilot, the relay and the residual current alone. */
  function publishState(): void {
    publishTelemetry();
    const rcdMa = rcd.readMa();
    rcdSensor.publish('rcd_current_mA', rcdMa);
    publishMeasurement(rcdMa);
    const { highV, lowV } = board.voltages;
    module.telemetry.publish('livedata', 'power_path_controller', {
      cp_voltage_high: highV,
      cp_voltage_low: lowV,
      cp_pwm_duty_cycle: board.dutyPercent,
      cp_state: board.letter ?? 'unknown',
    });
    module.telemetry.publish('livedata', 'power_switch', { is_on: board.relayClosed });
    module.telemetry.publish('livedata', 'rcd', { current_mA: rcdMa });
  }

  function inject(payload: string): void {
    const injection = readInjection(payload);
    if ('problem' in injection) {
      log.warn(`simulated error refused: ${injection.problem}`, { payload });
      return;
    }
    const { error, raise } = injection;
    log.info(`simulated error ${error.type} ${raise ? 'raised' : 'cleared'}`);
    if (error.type === 'evse_board_support/DiodeFault') {
      injectedDiodeFault = raise;
      if (!raise && seesDiodeFault) return;
    }
    const report = { message: SIMULATED_FAULT, severity: 'High' } as const;
    switch (error.target) {
      case 'board_support':
        if (raise) boardSupport.raise({ type: error.type, ...report });
        else boardSupport.clear(error.type);
        break;
      case 'connector_lock':
        if (raise) lock.raise({ type: error.type, ...report });
        else lock.clear(error.type);
        break;
      case 'powermeter':
        if (raise) powermeter.raise({ type: error.type, ...report });
        else powermeter.clear(error.type);
        break;
    }
  }

  /** Handlers that only do something. */
  const done = (work: () => void): null => {
    work();
    return null;
  };

  /** Handlers that change what the car does. */
  const byCar = (work: () => void): null =>
    done(() => {
      work();
      carMemory.save(board.car);
    });

  /** Handlers by which somebody takes control of the board. */
  const ordered = ({ moduleId }: { moduleId: string }, work: () => void): null => {
    deadMan.controlledBy(moduleId);
    return done(work);
  };

  boardSupport.implement({
    enable: ({ value }, caller) => ordered(caller, () => board.enable(value)),
    pwm_on: ({ value }, caller) => ordered(caller, () => board.pwmOn(value)),
    cp_state_X1: () => done(() => board.pwmOff()),
    cp_state_F: () => done(() => board.showF()),
    cp_state_E: () => done(() => board.showE()),
    allow_power_on: ({ value }, caller) => ordered(caller, () => board.allowPower(value.allow_power_on)),
    ac_switch_three_phases_while_charging: ({ value }) => done(() => board.useThreePhases(value)),
    ac_set_overcurrent_limit_A: ({ value }) => done(() => log.debug('over-current limit', { limitA: value })),
  });
  carSupport.implement({
    enable: ({ value }) => byCar(() => enableCar(value)),
    set_cp_state: ({ cp_state }) => byCar(() => board.setCar(cp_state)),
    // The simulated car's own contactor follows its control pilot state; there is nothing to allow.
    allow_power_on: () => null,
    diode_fail: ({ value }) => byCar(() => board.setDiodeFailed(value)),
    set_ac_max_current: ({ current }) => byCar(() => board.setCarLimit(current)),
    set_three_phases: ({ three_phases }) => byCar(() => board.setCarPhases(three_phases ? 3 : 1)),
    set_rcd_error: ({ rcd_current_mA }) =>
      done(() => {
        rcd.set(rcd_current_mA);
        publishState();
      }),
  });
  const signed = (data: string) => ({ signed_meter_data: data, signing_method: 'dummy', encoding_method: 'plain' });
  const startValue = signed(config.dummy_meter_value_blob_start);
  powermeter.implement({
    start_transaction: () => {
      pace.refresh();
      return {
        status: 'OK',
        ...(config.dummy_meter_value_send_on_transaction_start ? { signed_meter_value: startValue } : {}),
      };
    },
    stop_transaction: () => {
      pace.refresh();
      return {
        status: 'OK',
        start_signed_meter_value: startValue,
        signed_meter_value: signed(config.dummy_meter_value_blob_stop),
      };
    },
  });
  temperatures.implement({});
  rcdSensor.implement({
    self_test: () => done(() => log.info('residual current sensor tested: sound')),
    reset: () => {
      rcd.reset();
      return true;
    },
  });
  lock.implement({
    lock: () => done(() => log.info('connector locked')),
    unlock: () => done(() => log.info('connector unlocked')),
  });
  module.mqtt.subscribe(`everest_external/nodered/${config.connector_id}/carsim/error`, inject);

  function enableCar(on: boolean): void {
    if (on === carEnabled) return;
    carEnabled = on;
    if (on) publishMeasurement(rcd.readMa());
    else board.removeCar();
  }

  return {
    ready: () => {
      boardSupport.publish('capabilities', {
        max_current_A_import: config.max_current_A_import,
        min_current_A_import: config.min_current_A_import,
        max_phase_count_import: 3,
        min_phase_count_import: 1,
        max_current_A_export: 16,
        min_current_A_export: 0,
        max_phase_count_export: 3,
        min_phase_count_export: 1,
        supports_changing_phases_during_charging: true,
        supports_cp_state_E: false,
        connector_type: 'IEC62196Type2Cable',
      });
      powermeter.publish('public_key_ocmf', `TESTPUBLICKEY${config.connector_id}`);
      pace.start();
      publishState();
    },
    shutdown: () => {
      deadMan.stop();
      pace.stop();
      board.goSafe();
      meter.read();
      meter.save();
    },
  };
}
