import { formatTimestamp } from '@chargemesh/base';
import type { Manifests, types } from '@chargemesh/contracts';
import { Broker, type TradingFloor } from './broker.ts';
import { Market } from './market.ts';
import { PhaseChoice } from './phase-choice.ts';
import { essenceOf } from './same-tree.ts';
import { slotAt, timeSlots } from './timeline.ts';

/** The configuration of the module EnergyManager. */
export type EnergyManagerConfig = Manifests['EnergyManager']['config'];

type EnergyFlowRequest = types.energy.EnergyFlowRequest;
type EnforcedLimits = types.energy.EnforcedLimits;

/** A guard against a configuration whose slices are absurdly small; a shared fuse of 1 MW takes 2,000 rounds. */
const MOST_ROUNDS = 20_000;

interface Traded {
  readonly tree: EnergyFlowRequest;
  readonly essence: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly results: EnforcedLimits[];
}

/** Shares the power of an energy tree among its EVSEs. Remembers of each EVSE what the choice of its phases needs. */
export class EnergyTrader {
  readonly #config: EnergyManagerConfig;
  readonly #phases = new Map<string, PhaseChoice>();
  /** What was traded last, and while which wall time it holds for a tree of that essence. */
  #last: Traded | undefined;

  constructor(config: EnergyManagerConfig) {
    this.#config = config;
  }

  /**
   * What each EVSE of the tree may draw from now on, in the order of the tree.
   *
   * @param nowMs wall time
   * @see reference: EnergyManager, time slots, markets, brokers
   */
  trade(tree: EnergyFlowRequest, nowMs: number): EnforcedLimits[] {
    // The choice of phases looks at how long something has held: then nothing is traded like the last time.
    if (this.#config.switch_3ph1ph_while_charging_mode !== 'Never') return this.#trade(tree, nowMs).results;
    const last = this.#last;
    const essence = last?.tree === tree ? last.essence : essenceOf(tree);
    if (last && last.essence === essence && nowMs >= last.fromMs && nowMs < last.untilMs) return last.results;
    const { results, untilMs } = this.#trade(tree, nowMs);
    this.#last = essence === undefined ? undefined : { tree, essence, fromMs: nowMs, untilMs, results };
    return results;
  }

  #trade(tree: EnergyFlowRequest, nowMs: number): { results: EnforcedLimits[]; untilMs: number } {
    const config = this.#config;
    const slots = timeSlots(tree, nowMs, {
      intervalMin: config.schedule_interval_duration,
      totalH: config.schedule_total_duration,
    });
    const floor: TradingFloor = {
      nowMs,
      activeSlot: slotAt(slots, nowMs),
      slotCount: slots.length,
      nominalVoltageV: config.nominal_ac_voltage,
      slices: { currentA: config.slice_ampere, powerW: config.slice_watt },
    };
    const brokers = new Market(tree, slots).evses().map((market) => new Broker(market, floor, this.#phasesOf(market)));
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const traded = brokers.map((broker) => broker.trade());
      if (!traded.includes(true)) break;
    }
    const intervalMs = config.schedule_interval_duration * 60_000;
    const nextSlotMs = slots[floor.activeSlot + 1] ?? Number.POSITIVE_INFINITY;
    const untilMs = Math.min(nextSlotMs, (Math.floor(nowMs / intervalMs) + 1) * intervalMs);
    const results = brokers.map((broker) => {
      const schedule = slots.map((slotMs, slot) => ({
        timestamp: formatTimestamp(slotMs),
        limits_to_root: broker.bought(slot),
      }));
      return {
        uuid: broker.market.uuid,
        valid_for: 10 * config.update_interval,
        schedule,
        limits_root_side: broker.bought(floor.activeSlot),
      };
    });
    return { results, untilMs };
  }

  #phasesOf(market: Market): PhaseChoice {
    const config = this.#config;
    let phases = this.#phases.get(market.uuid);
    if (!phases) {
      phases = new PhaseChoice({
        mode: config.switch_3ph1ph_while_charging_mode,
        maxSwitches: config.switch_3ph1ph_max_nr_of_switches_per_session,
        whenUsedUp: config.switch_3ph1ph_switch_limit_stickyness,
        powerHysteresisW: config.switch_3ph1ph_power_hysteresis_W,
        timeHysteresisS: config.switch_3ph1ph_time_hysteresis_s,
        nominalVoltageV: config.nominal_ac_voltage,
      });
      this.#phases.set(market.uuid, phases);
    }
    const state = market.node.evse_state;
    if (state === 'Unplugged' || state === 'Finished') phases.reset();
    return phases;
  }
}
