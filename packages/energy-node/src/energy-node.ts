import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type EnergyNodeConfig, NodeLimits } from './node-limits.ts';
import { nextChangeMs, notOver, saysTheSame, withPrices } from './schedule.ts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;
type ExternalLimits = types.energy.ExternalLimits;

const HOUR_MS = 3_600_000;
const NO_LIMITS: ExternalLimits = { schedule_import: [], schedule_export: [], schedule_setpoints: [] };

/**
 * One place of the energy tree: a fuse, the limits that come from outside, and what the nodes below ask for. Children are known by
 * the index of their connection.
 */
export class EnergyNode {
  readonly uuid: string;
  readonly #limits: NodeLimits;
  readonly #startedAt: string;
  readonly #children = new Map<number, EnergyFlowRequest>();
  #external: ExternalLimits = NO_LIMITS;
  #prices: types.energy_price_information.EnergyPriceSchedule = { schedule_import: [], schedule_export: [] };
  #usage: types.powermeter.Powermeter | undefined;

  /** @param nowMs wall time: the node's own limits are stamped with its full hour */
  constructor(moduleId: string, config: EnergyNodeConfig, nowMs: number) {
    this.uuid = moduleId;
    this.#limits = new NodeLimits(moduleId, config);
    this.#startedAt = formatTimestamp(Math.floor(nowMs / HOUR_MS) * HOUR_MS);
  }

  get capabilities(): types.energy.CapabilityLimits {
    return this.#limits.capabilities;
  }

  setChild(index: number, request: EnergyFlowRequest): void {
    this.#children.set(index, request);
  }

  /** @returns whether there was anything to drop */
  dropChild(index: number): boolean {
    return this.#children.delete(index);
  }

  setUsage(usage: types.powermeter.Powermeter): void {
    this.#usage = usage;
  }

  setPrices(prices: types.energy_price_information.EnergyPriceSchedule): void {
    this.#prices = prices;
  }

  /**
   * Replaces the limits from outside; an empty schedule means the fuse alone.
   * @returns whether this changes anything from now on
   */
  setExternalLimits(limits: ExternalLimits, nowMs: number): boolean {
    const before = this.#external;
    this.#external = limits;
    return !(['schedule_import', 'schedule_export', 'schedule_setpoints'] as const).every((key) =>
      saysTheSame<{ readonly timestamp: string }>(limits[key], before[key], nowMs),
    );
  }

  /** When the limits from outside change next by themselves, wall time in milliseconds. */
  nextChangeMs(nowMs: number): number | undefined {
    const { schedule_import, schedule_export, schedule_setpoints } = this.#external;
    return nextChangeMs([schedule_import, schedule_export, schedule_setpoints], nowMs);
  }

  /** Whether the EVSEs below are limited by what the meter here shows: by the frequency of the grid. */
  get followsMeter(): boolean {
    return this.#external.schedule_setpoints.some(({ setpoint }) => setpoint?.frequency_table !== undefined);
  }

  /** Whether a car is plugged in at any EVSE below. */
  get isInUse(): boolean {
    return [...this.#children.values()].some(isInUse);
  }

  /** Which children have a node with this uuid at or below them. */
  childrenWith(uuid: string): number[] {
    return [...this.#children].filter(([, request]) => contains(request, uuid)).map(([index]) => index);
  }

  /**
   * What goes to the node above. A child's wish to be heard at once is passed on a single time.
   *
   * @param priority whether the node itself wants to be heard at once
   */
  request(nowMs: number, priority: boolean = false): EnergyFlowRequest {
    const children = [...this.#children].sort(([a], [b]) => a - b);
    for (const [index, request] of children) this.#children.set(index, withoutPriority(request));
    return {
      uuid: this.uuid,
      node_type: 'Generic',
      children: children.map(([, request]) => request),
      ...(priority && { priority_request: true }),
      ...(this.#usage && { energy_usage_root: this.#usage }),
      schedule_import: withPrices(this.#schedule('schedule_import', nowMs), this.#prices.schedule_import),
      schedule_export: withPrices(this.#schedule('schedule_export', nowMs), this.#prices.schedule_export),
      schedule_setpoints: notOver(this.#external.schedule_setpoints, nowMs),
    };
  }

  #schedule(key: 'schedule_import' | 'schedule_export', nowMs: number): types.energy.ScheduleReqEntry[] {
    const outside = notOver(this.#external[key], nowMs);
    return outside.length > 0 ? this.#limits.within(outside) : this.#limits.own(this.#startedAt);
  }
}

const unused: ReadonlySet<types.energy.EvseState | undefined> = new Set([
  'Unplugged',
  'Finished',
  'Disabled',
  undefined,
]);

function isInUse(request: EnergyFlowRequest): boolean {
  return !unused.has(request.evse_state) || request.children.some(isInUse);
}

function contains(request: EnergyFlowRequest, uuid: string): boolean {
  return request.uuid === uuid || request.children.some((child) => contains(child, uuid));
}

function withoutPriority(request: EnergyFlowRequest): EnergyFlowRequest {
  const calm = { ...request, children: request.children.map(withoutPriority) };
  // An EVSE always says whether it wants priority, a node in between says it only when it does.
  if (calm.node_type === 'Evse' && calm.priority_request) calm.priority_request = false;
  else if (calm.priority_request) delete calm.priority_request;
  return calm;
}
