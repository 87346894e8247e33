/** The current that a PWM duty offers, in ampere. @see IEC 61851-1 table A.8 */
export function offeredA(dutyPercent: number): number {
  if (dutyPercent < 8) return 0;
  if (dutyPercent < 85) return dutyPercent * 0.6;
  if (dutyPercent < 96) return (dutyPercent - 64) * 2.5;
  if (dutyPercent < 97) return 80;
  return 0;
}

/** Whether a PWM duty tells the car that it may draw. At 5 % ISO 15118 says so, not the duty. */
export function offersCurrent(dutyPercent: number): boolean {
  return dutyPercent >= 7 && dutyPercent <= 97;
}
