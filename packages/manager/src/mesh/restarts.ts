import type { Clock, Timer } from '@chargemesh/base';
import { BackOff } from './back-off.ts';

/** Modules that died and are started again in a while, and not before: two of one would drive one relay. */
export class Restarts {
  readonly #clock: Clock;
  readonly #backOff = new BackOff();
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDue(moduleId: string): boolean {
    return this.#timers.has(moduleId);
  }

  /**
   * A module died.
   * @returns after how long it may be started again, in ms, and how often it died in a row
   */
  died(moduleId: string): { readonly delayMs: number; readonly deaths: number } {
    const delayMs = this.#backOff.next(moduleId, this.#clock.monotonicMs());
    return { delayMs, deaths: this.#backOff.count(moduleId) };
  }

  after(moduleId: string, delayMs: number, start: () => void): void {
    this.cancel(moduleId);
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(moduleId);
      start();
    });
    this.#timers.set(moduleId, timer);
  }

  cancel(moduleId: string): void {
    this.#timers.get(moduleId)?.cancel();
    this.#timers.delete(moduleId);
  }

  cancelAll(): void {
    for (const moduleId of [...this.#timers.keys()]) this.cancel(moduleId);
  }
}
