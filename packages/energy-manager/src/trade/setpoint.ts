import type { types } from '@chargemesh/contracts';
import type { SlotLimits, Sourced } from './slot-limits.ts';
import { smaller } from './slot-limits.ts';

type SetpointType = types.energy.SetpointType;
type FrequencyWattPoint = types.energy.FrequencyWattPoint;

/** A place's limits in both directions in one slot. */
export interface Directions {
  import: SlotLimits;
  export: SlotLimits;
}

/**
 * Applies a setpoint: a positive one caps what is imported and forbids export, a negative one the reverse. Of current, power and
 * frequency table the first that is given counts. A table without a metered frequency says nothing.
 *
 * @param frequencyHz what the meter of that node reads
 */
export function applySetpoint(limits: Directions, setpoint: SetpointType, frequencyHz: number | undefined): Directions {
  const { ac_current_A: currentA, total_power_W: powerW, frequency_table: table, source } = setpoint;
  if (currentA !== undefined) return capped(limits, 'maxCurrentA', currentA, source);
  if (powerW !== undefined) return capped(limits, 'powerW', powerW, source);
  const wanted = table && frequencyHz !== undefined ? powerAt(table, frequencyHz) : undefined;
  return wanted === undefined ? limits : capped(limits, 'powerW', wanted, source);
}

/**
 * The power that a table asks for at a frequency: linear between two points, the outermost point's beyond the ends. Watts, negative
 * for export; undefined where the table is empty.
 */
export function powerAt(table: readonly FrequencyWattPoint[], frequencyHz: number): number | undefined {
  const points = [...table].sort((a, b) => a.frequency_Hz - b.frequency_Hz);
  const upper = points.findIndex((point) => point.frequency_Hz >= frequencyHz);
  const [before, after] = [points[upper - 1], points[upper]];
  if (!after) return points.at(-1)?.total_power_W;
  if (!before) return after.total_power_W;
  const share = (frequencyHz - before.frequency_Hz) / (after.frequency_Hz - before.frequency_Hz);
  return before.total_power_W + share * (after.total_power_W - before.total_power_W);
}

function capped(limits: Directions, key: 'maxCurrentA' | 'powerW', value: number, source: string): Directions {
  const cap = (side: SlotLimits, to: number): SlotLimits => {
    const limit: Sourced = { value: to, source };
    return { ...side, [key]: smaller(side[key], limit) ?? limit };
  };
  return {
    import: cap(limits.import, Math.max(0, value)),
    export: cap(limits.export, Math.max(0, -value)),
  };
}
