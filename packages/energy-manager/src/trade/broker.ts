import type { types } from '@chargemesh/contracts';
import type { Direction, Market } from './market.ts';
import type { PhaseChoice } from './phase-choice.ts';
import type { SlotLimits, Sourced } from './slot-limits.ts';

/** How much a broker buys at once. */
export interface Slices {
  readonly currentA: number;
  readonly powerW: number;
}

/** What all brokers of one trading have in common. */
export interface TradingFloor {
  readonly nowMs: number;
  /** The slot that holds now. */
  readonly activeSlot: number;
  readonly slotCount: number;
  readonly nominalVoltageV: number;
  readonly slices: Slices;
}

/** What was bought for one slot. */
interface Purchase {
  readonly direction: Direction | undefined;
  phases: Sourced | undefined;
  currentA: Sourced | undefined;
  powerW: Sourced | undefined;
}

/** Export is always counted on three phases; the source is the reference's. */
const EXPORT_PHASES: Sourced = { value: 3, source: 'BrokerFastCharging_FixedValue' };
/** Less than this is a rounding error, not a purchase. */
const DUST = 1e-6;

/**
 * Buys as much energy as it can for one EVSE, a slice a round, so that EVSEs that take turns share evenly. The first purchase of a
 * slot is the smallest current that a car accepts: all of it or none.
 */
export class Broker {
  readonly market: Market;
  readonly #floor: TradingFloor;
  readonly #phases: PhaseChoice;
  readonly #purchases: Purchase[];

  constructor(market: Market, floor: TradingFloor, phases: PhaseChoice) {
    this.market = market;
    this.#floor = floor;
    this.#phases = phases;
    this.#purchases = Array.from({ length: floor.slotCount }, (_, slot) => ({
      direction: directionOf(market, slot),
      phases: undefined,
      currentA: undefined,
      powerW: undefined,
    }));
  }

  /**
   * One round: buys one slice for every slot that still has something to offer.
   * @returns whether anything was bought
   */
  trade(): boolean {
    let traded = false;
    for (const [slot, purchase] of this.#purchases.entries())
      if (purchase.direction && this.#buy(slot, purchase.direction, purchase)) traded = true;
    return traded;
  }

  /** What the EVSE may draw in a slot; exported amounts are negative. */
  bought(slot: number): types.energy.LimitsRes {
    const purchase = this.#purchases[slot];
    const sign = purchase?.direction === 'export' ? -1 : 1;
    if (!purchase?.currentA && !purchase?.powerW) return nothing(this.market.limits('import', slot));
    return {
      ...(purchase.currentA && { ac_max_current_A: signed(purchase.currentA, sign) }),
      ...(purchase.phases?.source && { ac_max_phase_count: purchase.phases }),
      ...(purchase.powerW && { total_power_W: signed(purchase.powerW, sign) }),
    };
  }

  #buy(slot: number, direction: Direction, purchase: Purchase): boolean {
    const offer = this.market.offer(direction, slot);
    if (!offer.maxCurrentA) return this.#buyPower(slot, direction, purchase, offer);
    if (purchase.phases)
      return this.#buyCurrent(slot, direction, purchase, offer, purchase.phases, this.#floor.slices.currentA, false);
    return this.#buyFirst(slot, direction, purchase, offer);
  }

  #buyFirst(slot: number, direction: Direction, purchase: Purchase, offer: SlotLimits): boolean {
    const minimumA = offer.minCurrentA?.value ?? 0;
    const whole = minimumA > 0;
    const amountA = whole ? minimumA : this.#floor.slices.currentA;
    if (direction === 'export')
      return this.#buyCurrent(slot, direction, purchase, offer, EXPORT_PHASES, amountA, whole);
    const active = slot === this.#floor.activeSlot;
    const chosen = this.#phases.choose(offer, active, this.#floor.nowMs);
    const one: Sourced = { value: 1, source: offer.minPhases?.source ?? '' };
    const candidates = whole && chosen.value > 1 && this.#phases.mayUseOne(offer) ? [chosen, one] : [chosen];
    for (const phases of candidates) {
      if (!this.#buyCurrent(slot, direction, purchase, offer, phases, amountA, whole)) continue;
      if (active) this.#phases.bought(phases.value);
      return true;
    }
    return false;
  }

  #buyCurrent(
    slot: number,
    direction: Direction,
    purchase: Purchase,
    offer: SlotLimits,
    phases: Sourced,
    amountA: number,
    whole: boolean,
  ): boolean {
    const wattsPerAmpere = Math.max(1, phases.value) * this.#floor.nominalVoltageV;
    const byCurrent = offer.maxCurrentA ?? { value: 0, source: '' };
    const byPower = offer.powerW && { value: offer.powerW.value / wattsPerAmpere, source: offer.powerW.source };
    const available = byPower && byPower.value < byCurrent.value ? byPower : byCurrent;
    if (available.value < DUST || (whole && available.value < amountA - DUST)) return false;
    const currentA = Math.min(amountA, available.value);
    const powerW = currentA * wattsPerAmpere;
    purchase.phases = phases;
    purchase.currentA = added(purchase.currentA, currentA, available.source);
    if (offer.powerW) purchase.powerW = added(purchase.powerW, powerW, available.source);
    this.market.sell(direction, slot, currentA, powerW);
    return true;
  }

  #buyPower(slot: number, direction: Direction, purchase: Purchase, offer: SlotLimits): boolean {
    if (!offer.powerW || offer.powerW.value < DUST) return false;
    const powerW = Math.min(this.#floor.slices.powerW, offer.powerW.value);
    purchase.powerW = added(purchase.powerW, powerW, offer.powerW.source);
    this.market.sell(direction, slot, 0, powerW);
    return true;
  }
}

/**
 * Import where the limits allow any, else export. What others bought plays no part: an EVSE that comes too late for its share must
 * not begin to discharge its car.
 */
function directionOf(market: Market, slot: number): Direction | undefined {
  for (const direction of ['import', 'export'] as const) {
    const { maxCurrentA, powerW } = market.limits(direction, slot);
    const limited = [maxCurrentA, powerW].filter((limit) => limit !== undefined);
    if (limited.length > 0 && limited.every((limit) => limit.value > 0)) return direction;
  }
  return undefined;
}

const added = (sum: Sourced | undefined, amount: number, source: string): Sourced => ({
  value: (sum?.value ?? 0) + amount,
  source,
});

const signed = (amount: Sourced, sign: 1 | -1): Sourced => ({ value: sign * amount.value, source: amount.source });

function nothing(limits: SlotLimits): types.energy.LimitsRes {
  const zero = { value: 0, source: '' };
  return {
    ...((limits.maxCurrentA || !limits.powerW) && { ac_max_current_A: zero }),
    ...(limits.powerW && { total_power_W: zero }),
  };
}
