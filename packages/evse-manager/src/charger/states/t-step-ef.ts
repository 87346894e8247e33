import type { ChargerContext, StateRules } from '../charger-context.ts';
import type { ChargerState } from '../charger-state.ts';

/** How long F is shown, and how long the steady state after it. @see ISO 15118-3 */
export const SHOW_F_MS = 4_000;
export const SHOW_STEADY_MS = 750;

/** Wakes the car: F for a while, then a steady pilot, then back. */
export function tStepEf(
  context: ChargerContext,
  { returnTo }: Extract<ChargerState, { name: 'T_step_EF' }>,
): StateRules {
  const steadyFromMs = context.enteredAtMs + SHOW_F_MS;
  const endsMs = steadyFromMs + SHOW_STEADY_MS;
  let steady = false;
  return {
    enter: () => context.pilot.showF(),
    step: () => {
      if (context.shutdown !== 'none' || !context.carPlugged || context.disableRequested) return { name: returnTo };
      if (!steady && context.nowMs >= steadyFromMs) {
        steady = true;
        context.pilot.steady();
      }
      return context.nowMs >= endsMs ? { name: returnTo } : undefined;
    },
    get dueMs() {
      return steady ? endsMs : steadyFromMs;
    },
  };
}
