import type { Manifests, types } from '@chargemesh/contracts';

/** The configuration of the module EnergyNode. */
export type EnergyNodeConfig = Manifests['EnergyNode']['config'];

type ScheduleReqEntry = types.energy.ScheduleReqEntry;
type LimitsReq = types.energy.LimitsReq;

/** What a node knows of itself: its fuse, and how outside limits are read against it. */
export class NodeLimits {
  readonly #config: EnergyNodeConfig;
  readonly #source: string;

  /** @param moduleId names the source of the node's own limits */
  constructor(moduleId: string, config: EnergyNodeConfig) {
    this.#config = config;
    this.#source = `${moduleId}/module_config`;
  }

  get capabilities(): types.energy.CapabilityLimits {
    const { fuse_limit_A: limitA, phase_count: phases, nominal_voltage_V: voltage } = this.#config;
    return {
      max_current_A: limitA,
      max_phase_count: phases,
      nominal_voltage_V: voltage,
      total_power_W: voltage * limitA * Math.max(1, phases),
    };
  }

  /** The schedule that holds while nobody outside limits this node: the fuse, on both sides. */
  own(timestamp: string): ScheduleReqEntry[] {
    return [{ timestamp, limits_to_root: this.#fuse(), limits_to_leaves: this.#fuse() }];
  }

  /** An outside schedule, its root side never above the fuse. The leaves side is passed on as it came. */
  within(schedule: readonly ScheduleReqEntry[]): ScheduleReqEntry[] {
    return schedule.map((entry) => ({ ...entry, limits_to_root: this.#capped(this.#enhanced(entry.limits_to_root)) }));
  }

  #fuse(): LimitsReq {
    const { fuse_limit_A: limitA, phase_count: phases } = this.#config;
    return {
      ac_max_current_A: { value: limitA, source: this.#source },
      ...(phases > 0 && { ac_max_phase_count: { value: phases, source: this.#source } }),
    };
  }

  #capped(limits: LimitsReq): LimitsReq {
    const capped: LimitsReq = { ...limits };
    const fuse = this.#fuse();
    for (const key of ['ac_max_current_A', 'ac_max_phase_count'] as const) {
      const [limit, most] = [limits[key], fuse[key]];
      if (most && (!limit || limit.value > most.value)) capped[key] = most;
    }
    return capped;
  }

  /** Where only watts are given, the current that they stand for. */
  #enhanced(limits: LimitsReq): LimitsReq {
    const { enhance_external_schedule: enhance, nominal_voltage_V: voltage, phase_count: ownPhases } = this.#config;
    if (!enhance || limits.ac_max_current_A || !limits.total_power_W) return limits;
    const { value, source } = limits.total_power_W;
    const phases = Math.max(1, limits.ac_max_phase_count?.value ?? ownPhases);
    return { ...limits, ac_max_current_A: { value: value / (voltage * phases), source } };
  }
}
