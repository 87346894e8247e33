import type { types } from '@chargemesh/contracts';

type ExternalLimits = types.energy.ExternalLimits;
type LimitsReq = types.energy.LimitsReq;

/** Who set the limit, in the energy tree. */
const source = 'API_module';

/** What a program outside wants: above 0 is what the car may draw at most, below 0 what it may feed back. */
export type WantedLimit =
  | { readonly kind: 'amps'; readonly amps: number }
  | { readonly kind: 'watts'; readonly watts: number }
  | { readonly kind: 'amps and phases'; readonly amps: number; readonly phases: number };

/**
 * The limits for an energy node. The other direction is closed; so 0 closes both.
 * @param timestamp since when
 */
export function externalLimits(wanted: WantedLimit, timestamp: string): ExternalLimits {
  const entry = (limits: LimitsReq) => [{ timestamp, limits_to_root: {}, limits_to_leaves: limits }];
  const limited = entry(limitsOf(wanted));
  const closed = entry({ total_power_W: { value: 0, source } });
  const isImport = (wanted.kind === 'watts' ? wanted.watts : wanted.amps) > 0;
  return {
    schedule_import: isImport ? limited : closed,
    schedule_export: isImport ? closed : limited,
    schedule_setpoints: [],
  };
}

function limitsOf(wanted: WantedLimit): LimitsReq {
  switch (wanted.kind) {
    case 'amps':
      return { ac_max_current_A: { value: Math.abs(wanted.amps), source } };
    case 'watts':
      return { total_power_W: { value: Math.abs(wanted.watts), source } };
    case 'amps and phases':
      return {
        ac_max_current_A: { value: Math.abs(wanted.amps), source },
        ac_max_phase_count: { value: wanted.phases, source },
        ac_min_phase_count: { value: wanted.phases, source },
      };
  }
}
