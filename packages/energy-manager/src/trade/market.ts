import type { types } from '@chargemesh/contracts';
import { applySetpoint, type Directions } from './setpoint.ts';
import { fromRequest, mergeSides, narrow, type SlotLimits, type Sourced } from './slot-limits.ts';
import { resample } from './timeline.ts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** Which way energy flows, seen from the car. */
export type Direction = 'import' | 'export';

interface Sold {
  currentA: number;
  powerW: number;
}

const NOTHING: Sourced = { value: 0, source: '' };

/** One node of the energy tree: what may pass it in each slot, and how much of that was sold already to the EVSEs below it. */
export class Market {
  readonly uuid: string;
  readonly node: EnergyFlowRequest;
  readonly parent: Market | undefined;
  readonly children: readonly Market[];
  readonly #limits: readonly Directions[];
  readonly #sold: Readonly<Record<Direction, Sold[]>>;

  constructor(node: EnergyFlowRequest, slots: readonly number[], parent?: Market) {
    this.uuid = node.uuid;
    this.node = node;
    this.parent = parent;
    this.#limits = limitsPerSlot(node, slots);
    this.#sold = { import: slots.map(unsold), export: slots.map(unsold) };
    this.children = node.children.map((child) => new Market(child, slots, this));
  }

  /** The EVSEs at and below this node, in the order of the tree. */
  evses(): Market[] {
    const own = this.node.node_type === 'Evse' ? [this] : [];
    return [...own, ...this.children.flatMap((child) => child.evses())];
  }

  /** What the whole branch from the root down to here allows in a slot, as if nobody had bought anything. */
  limits(direction: Direction, slot: number): SlotLimits {
    return this.#branch(direction, slot, (market) => market.#limits[slot]?.[direction] ?? {});
  }

  /** What can still be bought here: the branch's limits less what was sold along it. */
  offer(direction: Direction, slot: number): SlotLimits {
    return this.#branch(direction, slot, (market) => market.#unsold(direction, slot));
  }

  /** Notes what an EVSE bought here, at this node and all above it. Amperes per phase and watts, positive in both directions. */
  sell(direction: Direction, slot: number, currentA: number, powerW: number): void {
    const sold = this.#sold[direction][slot];
    if (sold) {
      sold.currentA += currentA;
      sold.powerW += powerW;
    }
    this.parent?.sell(direction, slot, currentA, powerW);
  }

  #branch(direction: Direction, slot: number, own: (market: Market) => SlotLimits): SlotLimits {
    const above = this.parent ? this.parent.#branch(direction, slot, own) : {};
    return narrow(above, own(this));
  }

  #unsold(direction: Direction, slot: number): SlotLimits {
    const limits = this.#limits[slot]?.[direction] ?? {};
    const sold = this.#sold[direction][slot];
    if (!sold || (sold.currentA === 0 && sold.powerW === 0)) return limits;
    const left: SlotLimits = { ...limits };
    if (limits.maxCurrentA) left.maxCurrentA = less(limits.maxCurrentA, sold.currentA);
    if (limits.powerW) left.powerW = less(limits.powerW, sold.powerW);
    return left;
  }
}

const unsold = (): Sold => ({ currentA: 0, powerW: 0 });

const less = (limit: Sourced, sold: number): Sourced => ({
  value: Math.max(0, limit.value - sold),
  source: limit.source,
});

function limitsPerSlot(node: EnergyFlowRequest, slots: readonly number[]): Directions[] {
  const imports = resample(node.schedule_import, slots);
  const exports = resample(node.schedule_export, slots);
  const setpoints = resample(node.schedule_setpoints, slots);
  const frequencyHz = node.energy_usage_root?.frequency_Hz?.L1;
  return slots.map((_, index) => {
    const limits = { import: sides(imports[index]), export: sides(exports[index]) };
    const setpoint = setpoints[index]?.setpoint;
    return setpoint ? applySetpoint(limits, setpoint, frequencyHz) : limits;
  });
}

/** A node that says nothing about a direction lets nothing pass. */
function sides(entry: types.energy.ScheduleReqEntry | undefined): SlotLimits {
  if (!entry) return { maxCurrentA: NOTHING, powerW: NOTHING };
  const efficiency = entry.conversion_efficiency ?? 1;
  return mergeSides(
    fromRequest(entry.limits_to_root),
    fromRequest(entry.limits_to_leaves),
    efficiency > 0 ? efficiency : 1,
  );
}
