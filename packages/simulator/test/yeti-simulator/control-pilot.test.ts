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

test('a level is read within 1.1 V and not beyond', () => {
  expect(readPilot({ highV: 7.0, lowV: 7.0 }, false)).toBe('C');
  expect(readPilot({ highV: 7.5, lowV: 7.5 }, false)).toBeUndefined();
});
