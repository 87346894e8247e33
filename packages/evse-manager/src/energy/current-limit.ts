import type { Clock, Logger, Timer } from '@chargemesh/base';
import type { ChargerLimit } from '../charger/charger-context.ts';
import { LEAST_OFFER_A } from '../iec/pwm-duty.ts';

/** How long the limit of 0 A that stands at the start is valid. */
const START_VALID_MS = 120_000;

export interface CurrentLimitPorts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether a grant that runs out is missed: somebody charges by it, or is about to. */
  readonly isNeeded: () => boolean;
  /** The limit may have changed. */
  readonly onChange: () => void;
}

/**
 * The current that may be offered to the car: the lowest of what was granted for a while, what the hardware bears and, at a socket, what
 * the cable bears. A grant that is not renewed in time is worth nothing.
 */
export class CurrentLimit implements ChargerLimit {
  readonly #ports: CurrentLimitPorts;
  #grantedA = 0;
  #hardwareA = 0;
  #cable: { readonly kind: 'fixed' } | { readonly kind: 'socket'; readonly ratingA: number | undefined } = {
    kind: 'fixed',
  };
  #expiry: Timer | undefined;

  constructor(ports: CurrentLimitPorts) {
    this.#ports = ports;
    this.#expire(START_VALID_MS);
  }

  get limitA(): number | undefined {
    const cable = this.#cable;
    if (cable.kind === 'fixed') return this.#withoutCable();
    return cable.ratingA === undefined ? undefined : Math.min(this.#withoutCable(), cable.ratingA);
  }

  get hasPower(): boolean {
    return (this.limitA ?? 0) >= LEAST_OFFER_A;
  }

  /** What the cable at a socket bears, where it is known. */
  get cableRatingA(): number | undefined {
    return this.#cable.kind === 'socket' ? this.#cable.ratingA : undefined;
  }

  /** A current in ampere that may be taken for so long. A negative one would be export, which this EVSE cannot. */
  grant(currentA: number, validForMs: number): void {
    const limitA = Math.max(0, currentA);
    if (validForMs > 0) {
      this.#grantedA = limitA;
      this.#expire(validForMs);
    } else if (limitA < this.#grantedA) {
      // What is over already grants nothing, but it still takes away.
      this.#grantedA = limitA;
    } else return;
    this.#ports.onChange();
  }

  setHardware(maxA: number, isSocket: boolean): void {
    this.#hardwareA = maxA;
    if (isSocket !== (this.#cable.kind === 'socket'))
      this.#cable = isSocket ? { kind: 'socket', ratingA: undefined } : { kind: 'fixed' };
    this.#ports.onChange();
  }

  /** The cable was read, or pulled out (undefined). Without a meaning where the cable is fixed. */
  setCableRating(ratingA: number | undefined): void {
    if (this.#cable.kind === 'fixed') return;
    this.#cable = { kind: 'socket', ratingA };
    this.#ports.onChange();
  }

  /** Stops all timers. */
  dispose(): void {
    this.#expiry?.cancel();
  }

  #withoutCable(): number {
    return Math.min(this.#grantedA, this.#hardwareA);
  }

  #expire(validForMs: number): void {
    this.#expiry?.cancel();
    this.#expiry = this.#ports.clock.setTimer(validForMs, () => {
      if (this.#grantedA > 0 && this.#ports.isNeeded())
        this.#ports.log.warn('the granted current was not renewed in time: no power is offered');
      this.#grantedA = 0;
      this.#ports.onChange();
    });
  }
}
