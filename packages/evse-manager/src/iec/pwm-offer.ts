import type { Clock, Timer } from '@chargemesh/base';
import { dutyPercentFor, NO_PWM } from './pwm-duty.ts';

/** The least time between two changes of the duty cycle, apart from those that take current away. */
export const RAISE_PERIOD_MS = 5_000;

/** Where an offer is shown. PWM may end there by other causes, such as the car's leaving. */
export interface PwmPort {
  readonly pwmRunning: boolean;
  setPwm(dutyPercent: number): void;
  steady(): void;
}

/**
 * The current that is offered to the car by PWM. A lower limit is shown at once; a higher one at the earliest five seconds after the
 * last change, for a car needs that long to follow.
 * @see IEC 61851-1 Table A.6, sequence 6
 */
export class PwmOffer {
  readonly #clock: Clock;
  readonly #port: PwmPort;
  readonly #onShown: () => void;
  #shownA = 0;
  #wantedA = 0;
  #changedAtMs = 0;
  #raise: Timer | undefined;

  /** @param onShown hears when another current is shown than before, also of a raise that was delayed */
  constructor(clock: Clock, port: PwmPort, onShown: () => void = () => {}) {
    this.#clock = clock;
    this.#port = port;
    this.#onShown = onShown;
  }

  /** The current that the car sees now, in ampere; 0 without PWM. */
  get offeredA(): number {
    return this.running ? this.#shownA : 0;
  }

  get running(): boolean {
    return this.#port.pwmRunning;
  }

  /** Offers a current from now on, at once if there was no offer. A current that cannot be offered ends the offer. */
  offer(limitA: number): void {
    const duty = dutyPercentFor(limitA);
    if (duty === NO_PWM) {
      if (this.running) this.stop();
      return;
    }
    this.#wantedA = limitA;
    const shown = dutyPercentFor(this.#shownA);
    if (!this.running || duty < shown) this.#show();
    else if (duty === shown) this.#cancelRaise();
    else {
      const waitMs = this.#changedAtMs + RAISE_PERIOD_MS - this.#clock.monotonicMs();
      if (waitMs <= 0) this.#show();
      else this.#raise ??= this.#clock.setTimer(waitMs, () => this.#raiseNow());
    }
  }

  /** Ends the offer: a steady pilot. */
  stop(): void {
    this.#cancelRaise();
    this.#port.steady();
  }

  /** Stops all timers. */
  dispose(): void {
    this.#cancelRaise();
  }

  #raiseNow(): void {
    this.#raise = undefined;
    if (this.running) this.#show();
  }

  #show(): void {
    this.#cancelRaise();
    this.#shownA = this.#wantedA;
    this.#changedAtMs = this.#clock.monotonicMs();
    this.#port.setPwm(dutyPercentFor(this.#wantedA));
    this.#onShown();
  }

  #cancelRaise(): void {
    this.#raise?.cancel();
    this.#raise = undefined;
  }
}
