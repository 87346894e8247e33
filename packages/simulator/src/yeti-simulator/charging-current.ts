import { offeredA } from '../offered-current.ts';

/** A value for each phase: L1, L2, L3. */
export type Phases = readonly [number, number, number];

/** No current anywhere. */
export const noCurrent: Phases = [0, 0, 0];

/** What decides how much the car draws. */
export interface Draw {
  readonly dutyPercent: number;
  /** The car's own limit, negative when it feeds back. 0: it takes what it is offered. */
  readonly carLimitA: number;
  readonly carPhases: 1 | 3;
  /** Whether the EVSE has all three phases connected. */
  readonly evseThreePhases: boolean;
}

/** The current on each phase while the relay is closed and the car is in C or D. Negative: towards the grid. */
export function drawnA({ dutyPercent, carLimitA, carPhases, evseThreePhases }: Draw): Phases {
  const currentA = perPhaseA(dutyPercent, carLimitA);
  const others = carPhases === 3 && evseThreePhases ? currentA : 0;
  return [currentA, others, others];
}

function perPhaseA(dutyPercent: number, carLimitA: number): number {
  // At 5 % the limit is agreed on by ISO 15118, and the car keeps it by itself.
  if (dutyPercent >= 3 && dutyPercent <= 7) return carLimitA;
  const offered = offeredA(dutyPercent);
  if (carLimitA === 0) return offered;
  return Math.min(offered, Math.abs(carLimitA)) * Math.sign(carLimitA);
}
