import { type Logger, silentLogger, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Battery } from '../../src/ev-manager/battery.ts';
import { Car } from '../../src/ev-manager/car.ts';
import type { CarOptions, CarPort } from '../../src/ev-manager/car-port.ts';

function makeCar(change: Partial<CarOptions> = {}) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const warnings: string[] = [];
  const infos: object[] = [];
  const port: CarPort = {
    setCpState: (letter) => done.push(letter),
    allowPowerOn: (allowed) => done.push(`allow ${allowed}`),
    setAcMaxCurrent: (ampere) => done.push(`${ampere} A`),
    setThreePhases: (on) => done.push(on ? '3 phases' : '1 phase'),
    failDiode: (failed) => done.push(`diode ${failed}`),
    setRcdCurrent: (mA) => done.push(`rcd ${mA} mA`),
    triggerMatching: () => done.push('match'),
    resetMatching: () => done.push('unmatch'),
    startHlc: (request) => done.push(`start ${JSON.stringify(request)}`),
    stopHlc: () => done.push('stop hlc'),
    pauseHlc: () => done.push('pause hlc'),
    info: (info) => infos.push(info),
    plugged: (plugged) => done.push(plugged ? 'plugged' : 'unplugged'),
  };
  const log: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const options: CarOptions = {
    equipment: { ev: false, slac: false },
    pluginCommands: '',
    speed: 1,
    acVoltageV: 230,
    dcTargetCurrentA: 20,
    dcTargetVoltageV: 400,
    ...change,
  };
  const battery = new Battery(clock, { capacityWh: 60_000, soc: 30, speed: options.speed });
  const car = new Car(options, { clock, log, battery, port });
  car.enable(true);
  /** What the car has done since the last look. */
  const happened = () => done.splice(0);
  return { car, clock, battery, happened, warnings, infos };
}

const hlc = { equipment: { ev: true, slac: true } };

describe('an AC session', () => {
  test('unplugs, waits, plugs in, waits for PWM, charges, unplugs', async () => {
    const { car, clock, happened } = makeCar();
    car.execute('sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 30;unplug');
    expect(happened()).toEqual(['A', 'allow false']);
    await clock.advance(999);
    expect(happened()).toEqual([]);
    await clock.advance(1);
    expect(happened()).toEqual(['B', 'allow false', 'plugged']);
    await clock.advance(60_000);
    expect(happened()).toEqual([]);
    car.measured(53.3);
    await clock.advance(1000);
    expect(happened()).toEqual(['16 A', '3 phases', 'C', 'allow true']);
    await clock.advance(30_000);
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
    expect(car.running).toBe(false);
  });

  test('runs ten times as fast at speed 10', async () => {
    const { car, clock, happened } = makeCar({ speed: 10 });
    car.execute('iec_wait_pwr_ready;sleep 50;unplug');
    car.measured(50);
    await clock.advance(4999);
    expect(happened()).toEqual(['A', 'allow false', 'B', 'allow false', 'plugged']);
    await clock.advance(1);
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
  });

  test('regulated, it goes to B while there is no PWM and back, without a script moving on', () => {
    const { car, happened } = makeCar();
    car.measured(50);
    car.execute('draw_power_regulated 10,1;sleep 3600');
    expect(happened()).toEqual(['A', 'allow false', '10 A', '1 phase', 'C', 'allow true', 'plugged']);
    car.measured(100);
    expect(happened()).toEqual(['B', 'allow false']);
    car.measured(20);
    expect(happened()).toEqual(['C', 'allow true']);
  });

  test('fixed, it stays in C whatever the PWM says', () => {
    const { car, happened } = makeCar();
    car.execute('draw_power_fixed 16,3;sleep 3600');
    expect(happened()).toContain('C');
    car.measured(50);
    car.measured(100);
    expect(happened()).toEqual([]);
  });

  test('a script that ends without unplugging leaves the car as it is, whatever the EVSE says', () => {
    const { car, happened } = makeCar();
    car.measured(50);
    car.execute('draw_power_regulated 16,3');
    expect(car.running).toBe(false);
    expect(car.letter).toBe('C');
    happened();
    car.measured(100);
    expect(happened()).toEqual([]);
    car.execute('sleep 1');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
  });
});

describe('faults of the car', () => {
  test('E, a shorted diode and a leak; unplugging heals the diode', () => {
    const { car, happened } = makeCar();
    car.execute('error_e;sleep 5');
    expect(happened()).toEqual(['A', 'allow false', 'E', 'allow false', 'plugged']);
    car.modify('pause;sleep 1');
    expect(happened()).toEqual(['B', 'allow false']);
    car.modify('diode_fail;rcd_current 10.3;sleep 1');
    expect(happened()).toEqual(['rcd 10.3 mA', 'diode true']);
    car.modify('unplug');
    expect(happened()).toEqual(['diode false', 'A', 'allow false', 'unplugged']);
  });
});

describe('starting and changing scripts', () => {
  test('refuses while disabled and while busy', () => {
    const { car } = makeCar();
    car.execute('sleep 1');
    expect(() => car.execute('sleep 1')).toThrow('a script is under way');
    car.enable(false);
    expect(() => car.execute('sleep 1')).toThrow('the car is disabled');
    expect(() => car.modify('sleep 1')).toThrow('the car is disabled');
  });

  test('a refused script leaves the one under way alone', async () => {
    const { car, clock, happened } = makeCar();
    car.execute('sleep 1;pause');
    expect(() => car.modify('dance')).toThrow('there is no command dance');
    happened();
    await clock.advance(1000);
    expect(happened()).toContain('B');
  });

  test('a modified script keeps the plug and forgets the old timers', async () => {
    const { car, clock, happened } = makeCar();
    car.execute('pause;sleep 10;unplug');
    happened();
    car.modify('sleep 100;unplug');
    await clock.advance(99_999);
    expect(happened()).toEqual([]);
    await clock.advance(1);
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
  });

  test('passes over a command with wrong arguments, and says so', () => {
    const { car, happened, warnings } = makeCar();
    car.execute('sleep;sleep soon;sleep -1;unplug now;pause;sleep 9');
    expect(happened()).toEqual(['A', 'allow false', 'B', 'allow false', 'plugged']);
    expect(warnings).toEqual([
      "sleep of the car's script is passed over: sleep takes 1 argument, not 0",
      "sleep of the car's script is passed over: soon is no number",
      "sleep of the car's script is passed over: -1 is below 0",
      "unplug of the car's script is passed over: unplug takes 0 arguments, not 1",
    ]);
  });

  test('enabling twice changes nothing; disabling takes the car away without another word to the board', () => {
    const { car, happened } = makeCar();
    expect(car.enable(true)).toBe(false);
    car.execute('pause;sleep 100');
    happened();
    expect(car.enable(false)).toBe(true);
    expect(happened()).toEqual(['unplugged']);
    expect(car.running).toBe(false);
  });

  test('repeats the script that the configuration wants repeated', async () => {
    const { car, clock, happened } = makeCar({ repeat: 'sleep 1;pause' });
    car.execute('unplug');
    happened();
    await clock.advance(2600);
    expect(happened().filter((word) => word === 'B')).toHaveLength(2);
  });

  test('plugin runs the configured commands before the rest', () => {
    const { car, happened, warnings } = makeCar({ pluginCommands: 'pause;rcd_current 1' });
    car.execute('plugin;rcd_current 2;sleep 1');
    expect(happened()).toEqual(['A', 'allow false', 'rcd 1 mA', 'rcd 2 mA', 'B', 'allow false', 'plugged']);
    const endless = makeCar({ pluginCommands: 'plugin' });
    endless.car.execute('plugin;sleep 1');
    expect(endless.warnings[0]).toContain('plugin_commands contain plugin itself');
    expect(warnings).toEqual([]);
  });

  test('waits for a plug at a real board, and gives up when it is pulled', () => {
    const { car, happened } = makeCar();
    car.bspEvent('A');
    car.execute('wait_for_real_plugin;sleep 100');
    happened();
    car.bspEvent('A');
    expect(happened()).toEqual(['B', 'allow false', 'plugged']);
    car.bspEvent('Disconnected');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
    expect(car.running).toBe(false);
  });
});

describe('the battery', () => {
  test('fills by the lower of draw and offer, and is told every ten seconds while it does', async () => {
    const { car, clock, battery, infos } = makeCar();
    car.measured(20);
    car.execute('pause;sleep 1;draw_power_regulated 32,3;sleep 3600;unplug');
    expect(infos).toEqual([{ soc: 30, battery_capacity: 60_000, battery_full_soc: 100 }]);
    await clock.advance(1000 + 3_600_000);
    // 12 A offered by 20 % of duty, three phases of 230 V, an hour
    expect(battery.soc).toBeCloseTo(30 + (12 * 3 * 230 * 100) / 60_000, 3);
    expect(infos.length).toBeGreaterThanOrEqual(360);
    expect(infos.at(-1)).toMatchObject({ target_current: 32, target_voltage: 0 });
    const told = infos.length;
    await clock.advance(60_000);
    expect(infos).toHaveLength(told);
  });

  test('set_soc sets it', () => {
    const { car, battery } = makeCar();
    car.execute('set_soc 80');
    expect(battery.soc).toBe(80);
  });
});

describe('ISO 15118', () => {
  test('matches, starts a session, charges and is stopped by the charger', () => {
    const { car, happened } = makeCar(hlc);
    car.execute(
      'iso_wait_slac_matched;iso_start_v2g_session ac,externalpayment;iso_wait_pwr_ready;' +
        'iso_draw_power_regulated 16,3;iso_wait_for_stop 600;iso_wait_v2g_session_stopped;unplug',
    );
    expect(happened()).toEqual(['A', 'allow false', 'match', 'B', 'allow false', 'plugged']);
    car.slacChanged('MATCHING');
    expect(happened()).toEqual([]);
    car.slacChanged('MATCHED');
    expect(happened()).toEqual(['start {"mode":"ac","payment":"ExternalPayment"}']);
    car.evPowerReadyChanged(true);
    expect(happened()).toEqual(['16 A', '3 phases', 'C', 'allow true']);
    car.signal('stop-from-charger');
    expect(happened()).toEqual(['stop hlc', 'B', 'allow false']);
    car.hlcFinished();
    expect(happened()).toEqual(['A', 'allow false', 'unplugged', 'unmatch']);
  });

  test('takes departure and energy with and without a payment', () => {
    const { car, happened } = makeCar(hlc);
    car.execute('iso_start_v2g_session dc 3600 20000');
    expect(happened()).toContain('start {"mode":"dc","departureS":3600,"energyWh":20000}');
    car.execute('iso_start_v2g_session dc contract 3600 20000');
    expect(happened()).toContain('start {"mode":"dc","payment":"Contract","departureS":3600,"energyWh":20000}');
  });

  test('stops by itself when it has waited long enough', async () => {
    const { car, clock, happened } = makeCar(hlc);
    car.execute('iso_start_v2g_session ac;iso_wait_for_stop 60');
    happened();
    await clock.advance(60_000);
    expect(happened()).toEqual(['stop hlc', 'B', 'allow false', 'plugged']);
  });

  test('paused by the charger, it waits until its script is changed', async () => {
    const { car, clock, happened } = makeCar(hlc);
    car.execute('iso_start_v2g_session ac;iso_wait_for_stop 600;unplug');
    car.signal('pause-from-charger');
    car.hlcFinished();
    await clock.advance(3_600_000);
    expect(car.running).toBe(true);
    expect(car.letter).toBe('B');
    happened();
    car.modify('unplug');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged', 'unmatch']);
  });

  test('toggles between B and C as often as asked', async () => {
    const { car, clock, happened } = makeCar();
    car.execute('pause;iso_start_bcb_toggle 2;sleep 1;unplug');
    await clock.advance(5000);
    const letters = happened().filter((word) => /^[A-F]$/.test(word));
    expect(letters.join('')).toBe('ACBCBA');
  });
});

test('a board that returned is told everything again', () => {
  const { car, happened } = makeCar();
  car.measured(50);
  car.execute('draw_power_regulated 13,1;sleep 10');
  happened();
  car.tellAgain();
  expect(happened()).toEqual(['13 A', '1 phase', 'C', 'allow true']);
});

test('a car that was plugged in when the power went is so again', () => {
  const { car, happened } = makeCar();
  car.restorePlugged();
  expect(happened()).toEqual(['B', 'allow false', 'plugged']);
});

describe('what a command waits for', () => {
  test.each([
    ['iec_wait_pwr_ready', [6.9, 97.1, 100], [7, 97]],
    ['iso_wait_pwm_is_running', [3.9, 97.1, 100], [4, 5, 97]],
  ])('%s: a duty within its bounds, in B', (command, tooFar, enough) => {
    for (const duty of [...tooFar, ...enough]) {
      const { car, happened } = makeCar();
      car.execute(`${command};set_soc 99`);
      expect(happened()).toContain('B');
      car.measured(duty);
      expect(car.running).toBe(!enough.includes(duty));
    }
  });

  test('iso_dc_power_on: C at once, until there is power', () => {
    const { car, happened } = makeCar(hlc);
    car.execute('iso_start_v2g_session dc;iso_dc_power_on;pause;sleep 9');
    expect(happened()).toContain('C');
    car.signal('dc-power-on');
    expect(happened()).toEqual(['B', 'allow false']);
  });

  test('iso_wait_pwr_ready: the power, and then C', () => {
    const { car, happened } = makeCar(hlc);
    car.execute('pause;iso_start_v2g_session ac;iso_wait_pwr_ready;sleep 9');
    happened();
    car.evPowerReadyChanged(false);
    expect(happened()).toEqual([]);
    car.evPowerReadyChanged(true);
    expect(happened()).toEqual(['C', 'allow true']);
  });

  test('iso_wait_slac_matched asks for a partner only where it has none, nor looks for one', () => {
    const { car, happened } = makeCar(hlc);
    car.slacChanged('MATCHING');
    car.execute('iso_wait_slac_matched;sleep 9');
    expect(happened()).not.toContain('match');
    car.slacChanged('MATCHED');
    car.modify('iso_wait_slac_matched;unplug');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged', 'unmatch']);
  });

  test('iso_wait_v2g_session_stopped: nothing where no session was begun', () => {
    const { car } = makeCar(hlc);
    car.execute('iso_wait_v2g_session_stopped');
    expect(car.running).toBe(false);
  });

  test('iso_wait_for_resume: for ever', async () => {
    const { car, clock } = makeCar(hlc);
    car.execute('iso_wait_for_resume;unplug');
    await clock.advance(86_400_000);
    expect(car.running).toBe(true);
  });
});

describe('what a command does', () => {
  test.each([
    ['iso_stop_charging', 'stop hlc'],
    ['iso_pause_charging', 'pause hlc'],
  ])('%s tells the charger, and is plugged in', (command, told) => {
    const { car, happened } = makeCar(hlc);
    car.execute(`iso_start_v2g_session ac;iso_draw_power_regulated 16,3;${command};sleep 9`);
    // Several commands come to their end at once; what they have come to is shown then.
    expect(happened().slice(-4)).toEqual([told, 'B', 'allow false', 'plugged']);
  });

  test('unplug ends a session by ISO 15118 as well', () => {
    const { car, happened } = makeCar(hlc);
    car.execute('iso_start_v2g_session ac;iso_draw_power_regulated 16,3;sleep 9');
    happened();
    car.modify('unplug');
    expect(happened()).toEqual(['stop hlc', 'A', 'allow false', 'unplugged', 'unmatch']);
  });

  test.each([
    ['16,3', ['16 A', '3 phases']],
    ['32 1', ['32 A', '1 phase']],
    ['6.5,2', ['6.5 A', '1 phase']],
    ['-10,three', ['-10 A', '1 phase']],
  ])('draw_power_fixed %s', (args, told) => {
    const { car, happened } = makeCar();
    car.execute(`draw_power_fixed ${args};sleep 9`);
    expect(happened().slice(2)).toEqual([...told, 'C', 'allow true', 'plugged']);
  });

  test.each([
    ['iso_start_bcb_toggle 4', '4 toggles are more than 3'],
    ['iso_start_bcb_toggle -1', '-1 is below 0'],
    ['iso_start_v2g_session hydrogen', 'hydrogen is no energy transfer: ac or dc'],
    ['iso_start_v2g_session ac cash', 'cash is no payment: auto, externalpayment or contract'],
    ['iso_start_v2g_session ac soon 5', 'soon is no number'],
    ['draw_power_regulated many,3', 'many is no number'],
    ['rcd_current leak', 'leak is no number'],
    ['set_soc full', 'full is no number'],
    ['unplug 1', 'takes 0 arguments, not 1'],
  ])('%s is passed over', (command, why) => {
    const { car, happened, warnings } = makeCar(hlc);
    car.execute(`${command};pause;sleep 9`);
    expect(warnings).toEqual([expect.stringContaining(why)]);
    expect(happened()).toEqual(['A', 'allow false', 'B', 'allow false', 'plugged']);
  });

  test.each([
    ['auto', {}],
    ['externalpayment', { payment: 'ExternalPayment' }],
    ['contract', { payment: 'Contract' }],
  ])('iso_start_v2g_session ac,%s', (word, payment) => {
    const { car, happened } = makeCar(hlc);
    car.execute(`iso_start_v2g_session ac,${word}`);
    expect(happened()).toContain(`start ${JSON.stringify({ mode: 'ac', ...payment })}`);
  });
});

describe('the end of a script', () => {
  test('leaves the plug as it is, and the next script begins with an unplugged car', async () => {
    const { car, clock, happened } = makeCar();
    car.execute('pause;sleep 5');
    happened();
    await clock.advance(5_000);
    expect(car.running).toBe(false);
    expect(happened()).toEqual([]);
    expect(car.letter).toBe('B');
    car.execute('sleep 1;pause;sleep 1');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
    await clock.advance(1_000);
    expect(happened()).toEqual(['B', 'allow false', 'plugged']);
  });

  test('a car that charges when it ends still does, without telling of its battery', async () => {
    const { car, clock, infos, battery } = makeCar();
    car.measured(50);
    car.execute('draw_power_regulated 16,3;sleep 30');
    await clock.advance(30_000);
    expect(car.letter).toBe('C');
    const [told, soc] = [infos.length, battery.soc];
    await clock.advance(60_000);
    expect(infos).toHaveLength(told);
    expect(battery.soc).toBe(soc);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test('another script can be modified into it', () => {
    const { car, happened } = makeCar();
    car.execute('pause');
    happened();
    car.modify('unplug');
    expect(happened()).toEqual(['A', 'allow false', 'unplugged']);
  });
});

test('only a plug that is pulled while the car is plugged in cancels', () => {
  const { car, happened } = makeCar();
  car.execute('sleep 9;pause');
  car.bspEvent('Disconnected');
  expect(car.running).toBe(true);
  car.modify('pause;sleep 9');
  happened();
  for (const event of ['B', 'C', 'E', 'F', 'PowerOn'] as const) car.bspEvent(event);
  expect(car.running).toBe(true);
  car.bspEvent('Disconnected');
  expect(car.running).toBe(false);
});

describe('the power that fills the battery', () => {
  test.each([
    ['draw_power_regulated 16,1', 50, 16 * 230],
    ['draw_power_regulated 16,3', 50, 16 * 230 * 3],
    ['draw_power_regulated 16,3', 10, 6 * 230 * 3],
    ['draw_power_regulated 16,3', 100, 0],
    ['draw_power_fixed 16,3', 10, 6 * 230 * 3],
    ['draw_power_regulated -10,3', 50, -10 * 230 * 3],
    ['iso_start_v2g_session ac;iso_draw_power_regulated 20,3', 5, 20 * 230 * 3],
    ['iso_start_v2g_session dc;iso_draw_power_regulated 20,3', 5, 20 * 400],
    ['pause', 50, 0],
    ['error_e', 50, 0],
  ])('%s at %i % of duty', async (script, dutyPercent, powerW) => {
    const { car, clock, battery } = makeCar(hlc);
    car.measured(dutyPercent);
    car.execute(`${script};sleep 3600`);
    await clock.advance(3_600_000);
    expect(battery.soc).toBeCloseTo(30 + (powerW / 60_000) * 100, 6);
  });
});
