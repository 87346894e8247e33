import type { SlotLimits, Sourced } from './slot-limits.ts';

/** When a car may be moved between one and three phases. Names and defaults are the module's configuration. */
export interface PhaseRules {
  readonly mode: 'Never' | 'Oneway' | 'Both';
  /** 0: no limit. */
  readonly maxSwitches: number;
  /** What happens once the last switch is used up. */
  readonly whenUsedUp: 'SinglePhase' | 'ThreePhase' | 'DontChange';
  readonly powerHysteresisW: number;
  readonly timeHysteresisS: number;
  readonly nominalVoltageV: number;
}

/**
 * Chooses on how many phases one EVSE is to charge, and remembers what that takes: how long three phases have been the better
 * choice, and how often it switched in this session.
 */
export class PhaseChoice {
  readonly #rules: PhaseRules;
  #threeBetterSinceMs: number | undefined;
  #last: number | undefined;
  #switches = 0;

  constructor(rules: PhaseRules) {
    this.#rules = rules;
  }

  /** A session is over. */
  reset(): void {
    this.#threeBetterSinceMs = undefined;
    this.#last = undefined;
    this.#switches = 0;
  }

  /** Whether this offer leaves anything to choose. */
  mayUseOne(offer: SlotLimits): boolean {
    return this.#rules.mode !== 'Never' && offer.changesPhases !== false && (offer.minPhases?.value ?? 1) <= 1;
  }

  /**
   * The phases to buy for in a slot.
   *
   * @param active whether it is the slot that holds now: only that one starts and resets the wait before three phases
   */
  choose(offer: SlotLimits, active: boolean, nowMs: number): Sourced {
    const most = offer.maxPhases ?? { value: 3, source: '' };
    const fewest: Sourced = offer.minPhases?.value === 1 ? offer.minPhases : { value: 1, source: '' };
    if (!this.mayUseOne(offer) || most.value <= 1 || !offer.powerW) return most;
    const wanted = this.#wanted(offer, most.value, active, nowMs);
    return this.#stuck(wanted) === 'one' ? fewest : most;
  }

  /** Notes what was bought for in the slot that holds now. */
  bought(phases: number): void {
    if (this.#last !== undefined && this.#last !== phases) this.#switches++;
    this.#last = phases;
  }

  #wanted(offer: SlotLimits, most: number, active: boolean, nowMs: number): 'one' | 'most' {
    const powerW = offer.powerW?.value ?? 0;
    const needW = (offer.minCurrentA?.value ?? 0) * most * this.#rules.nominalVoltageV;
    if (powerW < needW) {
      if (active) this.#threeBetterSinceMs = undefined;
      return 'one';
    }
    if (this.#rules.mode === 'Both' && powerW >= needW + this.#rules.powerHysteresisW) {
      if (active) this.#threeBetterSinceMs ??= nowMs;
      const sinceMs = this.#threeBetterSinceMs;
      return sinceMs !== undefined && nowMs - sinceMs >= this.#rules.timeHysteresisS * 1000 ? 'most' : 'one';
    }
    return (this.#last ?? offer.activePhases) === 1 ? 'one' : 'most';
  }

  #stuck(wanted: 'one' | 'most'): 'one' | 'most' {
    const { maxSwitches, whenUsedUp } = this.#rules;
    if (maxSwitches === 0 || this.#switches < maxSwitches) return wanted;
    switch (whenUsedUp) {
      case 'SinglePhase':
        return 'one';
      case 'ThreePhase':
        return 'most';
      case 'DontChange':
        return this.#last === 1 ? 'one' : 'most';
    }
  }
}
