import { describe, expect, test } from '@jest/globals';
import { type CarLoad, type PilotSignal, pilotVoltages, readPilot } from '../../src/yeti-simulator/control-pilot.ts';

const pwm: PilotSignal = { kind: 'pwm', dutyPercent: 50 };
const steady: PilotSignal = { kind: 'steady' };
const car = (letter: CarLoad['letter'], diodeFailed = false): CarLoad => ({ letter, diodeFailed });

function seen(signal: PilotSignal, load: CarLoad) {
  return readPilot(pilotVoltages(signal, load), signal.kind === 'pwm');
}

describe('what the board sees of the car', () => {
  test.each(['A', 'B', 'C', 'D', 'E'] as const)('%s with and without PWM', (letter) => {
    expect(seen(steady, car(letter))).toBe(letter);
    expect(seen(pwm, car(letter))).toBe(letter);
  });

  test('a shorted diode, only while PWM runs and a car is there', () => {
    expect(seen(pwm, car('B', true))).toBe('DiodeFault');
    expect(seen(pwm, car('C', true))).toBe('DiodeFault');
    expect(seen(steady, car('C', true))).toBe('C');
    expect(seen(pwm, car('A', true))).toBe('A');
  });

  test('F and E of its own, whatever the car does', () => {
    expect(seen({ kind: 'minus12' }, car('C'))).toBe('F');
    expect(seen({ kind: 'zero' }, car('C'))).toBe('E');
  });
});

describe('a level is read within 1.1 V and not beyond', () => {
  test.each([
    ['A', 12],
    ['B', 9],
    ['C', 6],
    ['D', 3],
    ['E', 0],
    ['F', -12],
  ] as const)('%s at %i V', (letter, volts) => {
    for (const off of [-1.09, 0, 1.09])
      expect(readPilot({ highV: volts + off, lowV: volts + off }, false)).toBe(letter);
    for (const off of [-1.2, 1.2]) expect(readPilot({ highV: volts + off, lowV: volts + off }, false)).toBeUndefined();
  });

  test.each([
    ['a PWM signal that goes down to -12 V is read by its upper level', { highV: 6, lowV: -12 }, 'C'],
    ['as is one whose lower level is within the tolerance', { highV: 9, lowV: -10.95 }, 'B'],
    ['a lower level that mirrors the upper one is a shorted diode', { highV: 9, lowV: -9 }, 'DiodeFault'],
    ['nearly', { highV: 6, lowV: -5 }, 'DiodeFault'],
    ['no signal at all is E, not a diode', { highV: 0, lowV: 0 }, 'E'],
    ['any other lower level counts for nothing', { highV: 6, lowV: 2 }, 'C'],
  ] as const)('with PWM: %s', (_, voltages, reading) => {
    expect(readPilot(voltages, true)).toBe(reading);
  });

  test('without PWM no diode is looked for', () => {
    expect(readPilot({ highV: 9, lowV: -9 }, false)).toBe('B');
  });
});

test.each([
  [{ kind: 'steady' }, 'B', false, { highV: 9, lowV: 9 }],
  [{ kind: 'pwm', dutyPercent: 10 }, 'B', false, { highV: 9, lowV: -12 }],
  [{ kind: 'pwm', dutyPercent: 10 }, 'C', true, { highV: 6, lowV: -6 }],
  [{ kind: 'pwm', dutyPercent: 10 }, 'D', false, { highV: 3, lowV: -12 }],
  [{ kind: 'pwm', dutyPercent: 10 }, 'E', false, { highV: 0, lowV: 0 }],
  [{ kind: 'minus12' }, 'C', false, { highV: -12, lowV: -12 }],
  [{ kind: 'zero' }, 'C', false, { highV: 0, lowV: 0 }],
] as const)('%j with a car in %s, its diode shorted: %s', (signal, letter, diodeFailed, voltages) => {
  expect(pilotVoltages(signal, { letter, diodeFailed })).toEqual(voltages);
});
