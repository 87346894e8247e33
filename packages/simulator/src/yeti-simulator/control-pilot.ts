import type { types } from '@chargemesh/contracts';

/** What the EVSE puts on the control pilot: steady voltage (X1), a PWM signal, −12 V (F) or 0 V (E). */
export type PilotSignal =
  | { readonly kind: 'steady' }
  | { readonly kind: 'pwm'; readonly dutyPercent: number }
  | { readonly kind: 'minus12' }
  | { readonly kind: 'zero' };

/** What the car does to the control pilot. */
export interface CarLoad {
  readonly letter: types.ev_board_support.EvCpState;
  /** The diode in the car is shorted: the negative half of a PWM signal is loaded as well. */
  readonly diodeFailed: boolean;
}

/** The two levels of the pilot signal, in volts. They are equal while there is no PWM. */
export interface PilotVoltages {
  readonly highV: number;
  readonly lowV: number;
}

/** A control pilot state of IEC 61851-1. */
export type PilotLetter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** What a measurement of the pilot means: a state, a shorted diode, or nothing that the board knows. */
export type PilotReading = PilotLetter | 'DiodeFault' | undefined;

const loadedV: Readonly<Record<CarLoad['letter'], number>> = { A: 12, B: 9, C: 6, D: 3, E: 0 };
const letters: readonly (readonly [number, PilotLetter])[] = [
  [12, 'A'],
  [9, 'B'],
  [6, 'C'],
  [3, 'D'],
  [0, 'E'],
  [-12, 'F'],
];
const TOLERANCE_V = 1.1;

/** The share of a second in which the pilot is high, in percent: 100 where there is no PWM. */
export function dutyPercentOf(signal: PilotSignal): number {
  return signal.kind === 'pwm' ? signal.dutyPercent : 100;
}

/** The voltages that follow from what EVSE and car do. @see IEC 61851-1 annex A */
export function pilotVoltages(signal: PilotSignal, car: CarLoad): PilotVoltages {
  switch (signal.kind) {
    case 'minus12':
      return { highV: -12, lowV: -12 };
    case 'zero':
      return { highV: 0, lowV: 0 };
    case 'steady':
      return { highV: loadedV[car.letter], lowV: loadedV[car.letter] };
    case 'pwm': {
      const highV = loadedV[car.letter];
      if (car.letter === 'E') return { highV, lowV: 0 };
      // Without a car nothing loads the negative half, whatever became of the car's diode.
      return { highV, lowV: car.diodeFailed && car.letter !== 'A' ? -highV : -12 };
    }
  }
}

/** What the board makes of the measured voltages. */
export function readPilot({ highV, lowV }: PilotVoltages, pwmRuns: boolean): PilotReading {
  if (pwmRuns && !near(lowV, -12)) {
    if (near(highV, 0) && near(lowV, 0)) return 'E';
    if (near(highV + lowV, 0)) return 'DiodeFault';
  }
  return letters.find(([volts]) => near(highV, volts))?.[1];
}

function near(volts: number, wantedV: number): boolean {
  return Math.abs(volts - wantedV) < TOLERANCE_V;
}
