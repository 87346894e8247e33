import type { types } from '@chargemesh/contracts';

/**
 * The current in ampere that limits of the energy tree leave to the car on each phase: the lower one of the limits in ampere and in watt.
 * Limits that say neither leave nothing.
 */
export function enforcedCurrentA(
  limits: types.energy.LimitsRes,
  { nominalVoltageV, phases }: { nominalVoltageV: number; phases: number },
): number {
  const { ac_max_current_A: current, total_power_W: power } = limits;
  const byPowerA = power && power.value / nominalVoltageV / phases;
  if (current === undefined) return byPowerA ?? 0;
  return byPowerA === undefined ? current.value : Math.min(current.value, byPowerA);
}

/** The limits as they are told on: no more than the cable at a socket bears. */
export function cappedByCable(
  enforced: types.energy.EnforcedLimits,
  cableRatingA: number | undefined,
): types.energy.EnforcedLimits {
  const current = enforced.limits_root_side.ac_max_current_A;
  if (cableRatingA === undefined || current === undefined || current.value <= cableRatingA) return enforced;
  return {
    ...enforced,
    limits_root_side: { ...enforced.limits_root_side, ac_max_current_A: { ...current, value: cableRatingA } },
  };
}
