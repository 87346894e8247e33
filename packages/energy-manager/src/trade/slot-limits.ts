import type { types } from '@chargemesh/contracts';

/** A number and who set it. Sources that set the same value are joined with commas. */
export type Sourced = types.energy.NumberWithSource;

/** What holds at one place of the energy tree in one time slot. An absent member means that nobody limits it. */
export interface SlotLimits {
  powerW?: Sourced;
  maxCurrentA?: Sourced;
  minCurrentA?: Sourced;
  maxPhases?: Sourced;
  minPhases?: Sourced;
  /** How many phases a car is charged on at present. */
  activePhases?: number;
  changesPhases?: boolean;
}

/** The limits of one side of a node, in the words of this package. */
export function fromRequest(limits: types.energy.LimitsReq): SlotLimits {
  const found: SlotLimits = {};
  if (limits.total_power_W) found.powerW = limits.total_power_W;
  if (limits.ac_max_current_A) found.maxCurrentA = limits.ac_max_current_A;
  if (limits.ac_min_current_A) found.minCurrentA = limits.ac_min_current_A;
  if (limits.ac_max_phase_count) found.maxPhases = limits.ac_max_phase_count;
  if (limits.ac_min_phase_count) found.minPhases = limits.ac_min_phase_count;
  if (limits.ac_number_of_active_phases !== undefined) found.activePhases = limits.ac_number_of_active_phases;
  if (limits.ac_supports_changing_phases_during_charging !== undefined)
    found.changesPhases = limits.ac_supports_changing_phases_during_charging;
  return found;
}

/**
 * Both sides of a node as one: what its leaves side allows is brought to the root side, where it is counted. A value of the leaves
 * side wins only where it is stricter, so that equal values are not named twice.
 *
 * @param efficiency what comes out of the node for each watt that goes in, above 0
 */
export function mergeSides(root: SlotLimits, leaves: SlotLimits, efficiency: number): SlotLimits {
  const merged: SlotLimits = { ...root };
  const leavesW = leaves.powerW && { ...leaves.powerW, value: leaves.powerW.value / efficiency };
  set(merged, 'powerW', smaller(root.powerW, leavesW));
  set(merged, 'maxCurrentA', smaller(root.maxCurrentA, leaves.maxCurrentA));
  set(merged, 'maxPhases', smaller(root.maxPhases, leaves.maxPhases));
  set(merged, 'minCurrentA', larger(root.minCurrentA, leaves.minCurrentA));
  set(merged, 'minPhases', larger(root.minPhases, leaves.minPhases));
  return merged;
}

/** What is left of `above` once a place further down the tree has had its say: smaller maxima and larger minima win. */
export function narrow(above: SlotLimits, below: SlotLimits): SlotLimits {
  const narrowed: SlotLimits = { ...above };
  set(narrowed, 'powerW', joined(above.powerW, below.powerW, smaller));
  set(narrowed, 'maxCurrentA', joined(above.maxCurrentA, below.maxCurrentA, smaller));
  set(narrowed, 'maxPhases', joined(above.maxPhases, below.maxPhases, smaller));
  set(narrowed, 'minCurrentA', joined(above.minCurrentA, below.minCurrentA, larger));
  set(narrowed, 'minPhases', joined(above.minPhases, below.minPhases, larger));
  if (below.activePhases !== undefined) narrowed.activePhases = below.activePhases;
  if (below.changesPhases !== undefined) narrowed.changesPhases = below.changesPhases;
  return narrowed;
}

/** The stricter of two maxima; the first where they are equal. */
export function smaller(first: Sourced | undefined, second: Sourced | undefined): Sourced | undefined {
  if (!first || !second) return first ?? second;
  return second.value < first.value ? second : first;
}

/** The stricter of two minima; the first where they are equal. */
export function larger(first: Sourced | undefined, second: Sourced | undefined): Sourced | undefined {
  if (!first || !second) return first ?? second;
  return second.value > first.value ? second : first;
}

function joined(
  first: Sourced | undefined,
  second: Sourced | undefined,
  stricter: (first: Sourced | undefined, second: Sourced | undefined) => Sourced | undefined,
): Sourced | undefined {
  if (first && second && first.value === second.value)
    return { value: first.value, source: [first.source, second.source].filter((source) => source !== '').join(',') };
  return stricter(first, second);
}

type Bound = 'powerW' | 'maxCurrentA' | 'minCurrentA' | 'maxPhases' | 'minPhases';

function set(limits: SlotLimits, key: Bound, value: Sourced | undefined): void {
  if (value) limits[key] = value;
}
