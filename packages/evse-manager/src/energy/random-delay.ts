import { type Clock, formatTimestamp, type Random, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

/** A smaller change is none. */
const SMALLEST_CHANGE_A = 0.1;
/** A car that begins to charge so soon after the station was switched on may be one of many after a blackout. */
const AFTER_START_MS = 5_000;
const COUNTDOWN_PERIOD_MS = 1_000;

export interface RandomDelayPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly countdown: (countdown: types.uk_random_delay.CountDown) => void;
  /** The current that counts from now on, in ampere. */
  readonly onChange: () => void;
}

/**
 * Delays a higher current by chance, so that not every car of a region begins at the same second. A lower one counts at once: no rule
 * outweighs a limit.
 * @see The Electric Vehicles (Smart Charge Points) Regulations 2021 (United Kingdom), regulation 11
 */
export class RandomDelay {
  readonly #ports: RandomDelayPorts;
  readonly #atAnyChange: boolean;
  #enabled: boolean;
  #maxDurationS: number;
  #currentA = 0;
  #wantedA = 0;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #endsAtMs: number | undefined;
  #beganAt = '';
  #tick: Timer | undefined;

  constructor(options: { enabled: boolean; maxDurationS: number; atAnyChange: boolean }, ports: RandomDelayPorts) {
    this.#enabled = options.enabled;
    this.#maxDurationS = options.maxDurationS;
    this.#atAnyChange = options.atAnyChange;
    this.#ports = ports;
  }

  /** The current that counts now, in ampere. */
  get currentA(): number {
    return this.#currentA;
  }

  enable(): void {
    this.#enabled = true;
  }

  disable(): void {
    this.#enabled = false;
    this.cancel();
  }

  setMaxDurationS(maxDurationS: number): void {
    this.#maxDurationS = maxDurationS;
  }

  /** The EVSE has become ready. */
  started(): void {
    this.#startedAtMs = this.#ports.clock.monotonicMs();
  }

  /** Ends a delay that is running: what it held back counts now. */
  cancel(): void {
    if (this.#endsAtMs === undefined) return;
    this.#end();
    this.#ports.onChange();
  }

  /** Takes a new current. Only a car that charges, or is about to, is delayed. */
  take(wantedA: number, carMayCharge: boolean): void {
    this.#wantedA = wantedA;
    if (!this.#enabled || !carMayCharge || wantedA <= this.#currentA + SMALLEST_CHANGE_A) {
      // Nothing is held back, or what is held back lies above the new limit.
      if (!carMayCharge || wantedA <= this.#currentA) this.#end();
      else if (this.#endsAtMs === undefined) this.#currentA = wantedA;
      return;
    }
    if (this.#endsAtMs !== undefined) return;
    const justStarted = this.#ports.clock.monotonicMs() < this.#startedAtMs + AFTER_START_MS;
    if (this.#atAnyChange || this.#currentA === 0 || justStarted) this.#begin();
    else this.#currentA = wantedA;
  }

  /** Stops all timers. */
  dispose(): void {
    this.#tick?.cancel();
  }

  #begin(): void {
    const { clock, random } = this.#ports;
    const delayS = random.integer(0, Math.max(0, this.#maxDurationS - 1));
    if (delayS === 0) {
      this.#currentA = this.#wantedA;
      return;
    }
    this.#beganAt = formatTimestamp(clock.wallMs());
    this.#endsAtMs = clock.monotonicMs() + delayS * 1000;
    this.#tick = clock.setPeriodic(COUNTDOWN_PERIOD_MS, () => this.#count());
    this.#tell(delayS);
  }

  #count(): void {
    const leftMs = (this.#endsAtMs ?? 0) - this.#ports.clock.monotonicMs();
    if (leftMs > 0) {
      this.#tell(Math.ceil(leftMs / 1000));
      return;
    }
    this.#end();
    this.#ports.onChange();
  }

  #end(): void {
    this.#currentA = this.#wantedA;
    if (this.#endsAtMs === undefined) return;
    this.#tick?.cancel();
    this.#endsAtMs = undefined;
    this.#tell(0);
  }

  #tell(countdown_s: number): void {
    this.#ports.countdown({
      countdown_s,
      current_limit_after_delay_A: this.#wantedA,
      current_limit_during_delay_A: this.#currentA,
      ...(countdown_s > 0 && { start_time: this.#beganAt }),
    });
  }
}
