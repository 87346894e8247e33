import { VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { ControlPilot, type ControlPilotOptions } from '../../src/iec/control-pilot.ts';
import { LockRule } from '../../src/iec/lock-rule.ts';
import type { PilotLetter } from '../../src/iec/pilot-letter.ts';

function pilotWith(options: Partial<ControlPilotOptions> = {}) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const said: string[] = [];
  const locks: string[] = [];
  const pilot = new ControlPilot(
    { hasVentilation: true, lockInStateB: true, limitSimplifiedTo10A: false, ...options },
    {
      clock,
      board: {
        enable: (on) => done.push(`enable ${on}`),
        pwmOn: (percent) => done.push(`pwm ${percent.toFixed(1)}`),
        steady: () => done.push('steady'),
        showF: () => done.push('F'),
        allowPower: (allowed, reason) => done.push(`power ${allowed} ${reason}`),
      },
      lock: new LockRule(
        { lock: async () => void locks.push('lock'), unlock: async () => void locks.push('unlock') },
        () => {},
      ),
      emit: (event) => said.push(event),
    },
  );
  pilot.enable();
  /** Takes letters and forgets what was done and said before the last one. */
  const at = (...letters: PilotLetter[]) => {
    for (const letter of letters) {
      done.length = 0;
      said.length = 0;
      pilot.take(letter === 'Disabled' ? 'Disconnected' : letter);
    }
  };
  return { pilot, clock, done, said, locks, at };
}

/** A pilot that feeds a car in C. */
function feeding() {
  const parts = pilotWith();
  parts.at('A', 'B');
  parts.pilot.setPwm(53);
  parts.at('C');
  parts.pilot.grantPower('FullPowerCharging');
  parts.pilot.take('PowerOn');
  parts.done.length = 0;
  parts.said.length = 0;
  return parts;
}

describe('a change of letter says', () => {
  const off = 'power false PowerOff';
  const cases: [PilotLetter[], string[], string[]][] = [
    [['A'], [], ['steady', off]],
    [['A', 'B'], ['CarPluggedIn'], []],
    [['B'], ['CarPluggedIn'], []],
    [['A', 'C'], ['CarPluggedIn'], []],
    [['A', 'B', 'C'], ['CarRequestedPower'], []],
    [['A', 'B', 'C', 'B'], ['CarRequestedStopPower'], [off]],
    [['A', 'B', 'C', 'A'], ['CarUnplugged'], ['steady', off]],
    [['A', 'B', 'A'], ['CarUnplugged'], ['steady', off]],
    [
      ['A', 'B', 'E'],
      ['BCDtoEF', 'BCDtoE'],
      [off, 'steady'],
    ],
    [['A', 'B', 'C', 'F'], ['BCDtoEF'], [off]],
    [['A', 'F'], [], [off]],
    [['A', 'F', 'B'], ['CarPluggedIn', 'EFtoBCD'], []],
    [['A', 'B', 'F', 'B'], ['CarRequestedStopPower', 'EFtoBCD'], [off]],
    [['A', 'B', 'F', 'C'], ['EFtoBCD', 'CarRequestedPower'], []],
    [['A', 'B', 'F', 'A'], ['CarUnplugged'], ['steady', off]],
    [['A', 'B', 'B'], [], []],
    [['A', 'B', 'C', 'D'], [], []],
    [['A', 'B', 'D'], ['CarRequestedPower'], []],
    [['A', 'B', 'Disabled'], [], ['steady', off]],
    [['A', 'B', 'Disabled', 'B'], ['CarRequestedStopPower'], [off]],
    [['A', 'B', 'Disabled', 'A'], ['CarUnplugged'], ['steady', off]],
  ];
  test.each(cases)('%j: %j', (letters, events, actions) => {
    const { at, said, done } = pilotWith();
    at(...letters);
    expect(said).toEqual(events);
    expect(done).toEqual(actions);
  });

  test('without ventilation that a car in D gets nothing', () => {
    const { at, said, done, pilot } = pilotWith({ hasVentilation: false });
    at('A', 'B', 'D');
    expect(said).toEqual([]);
    expect(pilot.carWantsPower).toBe(false);
    at('C', 'D');
    expect(said).toEqual(['CarRequestedStopPower']);
    expect(done).toEqual(['power false PowerOff']);
    at('A', 'D');
    expect(said).toEqual(['CarPluggedIn']);
  });
});

describe('the relay', () => {
  test('closes in C under PWM with a grant, in whatever order they come', () => {
    for (const order of [
      ['C', 'pwm', 'grant'],
      ['grant', 'pwm', 'C'],
      ['pwm', 'grant', 'C'],
      ['C', 'grant', 'pwm'],
    ]) {
      const { pilot, at, done } = pilotWith();
      at('A', 'B');
      for (const step of order) {
        expect(done).not.toContain('power true FullPowerCharging');
        if (step === 'pwm') pilot.setPwm(53);
        else if (step === 'grant') pilot.grantPower('FullPowerCharging');
        else pilot.take('C');
      }
      expect(done.filter((action) => action === 'power true FullPowerCharging')).toHaveLength(1);
    }
  });

  test('opens at once when the car leaves C, and does not close again without a new grant', () => {
    const { pilot, at, done } = feeding();
    at('B');
    expect(done).toEqual(['power false PowerOff']);
    pilot.take('PowerOff');
    at('C');
    expect(done).toEqual([]);
    pilot.grantPower('FullPowerCharging');
    expect(done).toEqual(['power true FullPowerCharging']);
  });

  test('opens six seconds after the end of PWM under a car that stays', async () => {
    const { pilot, clock, done } = feeding();
    pilot.steady();
    await clock.advance(5_999);
    expect(done).toEqual(['steady']);
    await clock.advance(1);
    expect(done).toEqual(['steady', 'power false PowerOff']);
    expect(pilot.relayOpen).toBe(false);
    pilot.take('PowerOff');
    expect(pilot.relayOpen).toBe(true);
  });

  test('stays closed when PWM comes back in time', async () => {
    const { pilot, clock, done } = feeding();
    pilot.steady();
    await clock.advance(3_000);
    pilot.setPwm(20);
    await clock.advance(10_000);
    expect(done).toEqual(['steady', 'pwm 20.0']);
  });

  test('closes no more on an old grant when the board has opened it by itself', () => {
    const { pilot, done } = feeding();
    pilot.take('PowerOff');
    pilot.steady();
    pilot.setPwm(53);
    expect(done).toEqual(['steady', 'pwm 53.0']);
  });

  test('counts as open only when nothing is under way to close it', () => {
    const { pilot, at } = pilotWith();
    at('A', 'B');
    pilot.setPwm(53);
    pilot.grantPower('FullPowerCharging');
    expect(pilot.relayOpen).toBe(true);
    pilot.take('C');
    expect(pilot.relayOpen).toBe(false);
    pilot.powerOff();
    expect(pilot.relayOpen).toBe(true);
  });
});

describe('a car without proper control pilot', () => {
  test('asks for power when PWM begins', () => {
    const { pilot, at, said } = pilotWith();
    at('A', 'C');
    said.length = 0;
    pilot.setPwm(53);
    expect(said).toEqual(['CarRequestedPower']);
  });

  test('may be limited to 10 A, which the next car is not', () => {
    const { pilot, at, done } = pilotWith({ limitSimplifiedTo10A: true });
    at('A', 'C');
    pilot.setPwm(53);
    pilot.setPwm(10);
    at('A', 'B');
    pilot.setPwm(53);
    expect(done).toEqual(['pwm 53.0']);
  });
});

describe('the lock', () => {
  test('is wanted in B where so configured, and always in C and D', () => {
    const { at, locks } = pilotWith({ lockInStateB: false, hasVentilation: false });
    at('A', 'B');
    expect(locks).toEqual(['unlock']);
    at('C');
    expect(locks).toEqual(['unlock', 'lock']);
    at('B', 'D');
    expect(locks).toEqual(['unlock', 'lock', 'unlock', 'lock']);
  });

  test('is held in F for five seconds and then freed', async () => {
    const { at, locks, clock } = pilotWith();
    at('A', 'B', 'F');
    await clock.advance(4_999);
    expect(locks).toEqual(['unlock', 'lock']);
    await clock.advance(1);
    expect(locks).toEqual(['unlock', 'lock', 'unlock']);
  });

  test('is not freed by an F that was left in time', async () => {
    const { at, locks, clock } = pilotWith();
    at('A', 'B', 'F');
    await clock.advance(4_000);
    at('B');
    await clock.advance(10_000);
    expect(locks).toEqual(['unlock', 'lock']);
  });
});

describe('out of service', () => {
  test('nothing of the pilot is looked at, and the car counts as new afterwards', () => {
    const { pilot, at, said, done } = pilotWith();
    at('A', 'B');
    done.length = 0;
    pilot.disable();
    expect(done.slice(-2)).toEqual(['F', 'enable false']);
    at('A', 'B');
    expect(said).toEqual([]);
    pilot.enable();
    at('B');
    expect(said).toEqual(['CarPluggedIn']);
  });

  test('a board that returns hears it again', () => {
    const { pilot, done } = pilotWith();
    done.length = 0;
    pilot.resume();
    expect(done).toEqual(['enable true']);
    pilot.disable();
    done.length = 0;
    pilot.resume();
    expect(done).toEqual(['F', 'enable false']);
  });
});

describe('a board that reports an open relay before it hears that it may close it', () => {
  function crossed() {
    const parts = pilotWith();
    parts.at('A', 'B');
    parts.pilot.setPwm(53);
    parts.at('C');
    parts.pilot.grantPower('FullPowerCharging');
    parts.pilot.take('PowerOff');
    parts.done.length = 0;
    return parts;
  }

  test('has the permission still, until it is taken back', () => {
    const { pilot } = crossed();
    expect([pilot.relayOpen, pilot.relayMayBeClosed]).toEqual([true, true]);
    pilot.powerOff();
    expect(pilot.relayMayBeClosed).toBe(false);
  });

  test('loses it six seconds after the end of PWM', async () => {
    const { pilot, clock, done } = crossed();
    pilot.steady();
    pilot.take('PowerOn');
    await clock.advance(5_999);
    expect(done).toEqual(['steady']);
    await clock.advance(1);
    expect(done).toEqual(['steady', 'power false PowerOff']);
  });
});
