/** The smallest current that a duty cycle can offer; what lies below counts as none. */
export const LEAST_OFFER_A = 5.9;

/** No PWM: a steady pilot, which offers nothing. */
export const NO_PWM = 100;

/**
 * The duty cycle in percent that offers a current.
 * @returns {@link NO_PWM} where the current is too small or too large to be offered
 * @see IEC 61851-1 Table A.7
 */
export function dutyPercentFor(limitA: number): number {
  if (limitA < LEAST_OFFER_A) return NO_PWM;
  if (limitA <= 6.1) return 10;
  if (limitA <= 51) return limitA / 0.6;
  // Between the two formulas of the standard lies a gap that no duty cycle expresses.
  if (limitA < 52.5) return 51 / 0.6;
  if (limitA <= 80) return limitA / 2.5 + 64;
  if (limitA <= 80.1) return 97;
  return NO_PWM;
}
