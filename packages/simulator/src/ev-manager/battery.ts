import type { Clock } from '@chargemesh/base';

const MS_PER_HOUR = 3_600_000;

/** A car's battery: how full it is, by what it is charged with. Full is full. */
export class Battery {
  readonly capacityWh: number;
  readonly #clock: Clock;
  readonly #speed: number;
  #soc: number;
  #powerW = 0;
  #countedAtMs: number;

  /** @param speed how many times faster than real time it is charged */
  constructor(clock: Clock, options: { capacityWh: number; soc: number; speed: number }) {
    this.#clock = clock;
    this.capacityWh = options.capacityWh;
    this.#soc = options.soc;
    this.#speed = options.speed;
    this.#countedAtMs = clock.monotonicMs();
  }

  /** State of charge in percent. */
  get soc(): number {
    this.#count();
    return this.#soc;
  }

  set soc(percent: number) {
    this.#count();
    this.#soc = Math.min(100, Math.max(0, percent));
  }

  /** From now on it is charged with this power, or, where it is negative, discharged. */
  charge(powerW: number): void {
    this.#count();
    this.#powerW = powerW;
  }

  #count(): void {
    const nowMs = this.#clock.monotonicMs();
    const hours = ((nowMs - this.#countedAtMs) / MS_PER_HOUR) * this.#speed;
    this.#countedAtMs = nowMs;
    if (this.#powerW === 0 || this.capacityWh <= 0) return;
    const soc = this.#soc + ((this.#powerW * hours) / this.capacityWh) * 100;
    this.#soc = Math.min(100, Math.max(0, soc));
  }
}
