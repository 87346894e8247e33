import type { Clock, Timer } from '../clock/clock.ts';
import { messageOf } from '../errors/chargemesh-error.ts';
import type { Logger } from '../log/logger.ts';
import { isDiskFault } from './disk-fault.ts';

const RETRY_MS = 1_000;

/**
 * Writes that have to be made, one after the other, on a disk that may take nothing for a while. What it refuses waits in memory with all
 * that comes later, and is tried again each second.
 */
export class PatientWrites {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #waiting: (() => void)[] = [];
  #retry: Timer | undefined;
  #written: PromiseWithResolvers<void> | undefined;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Writes now, or as soon as all that waits is written.
   * @param work has to bear being tried again
   * @throws what `work` throws, where that is no fault of the disk
   */
  write(work: () => void): void {
    if (this.#waiting.length === 0 && this.#try(work)) return;
    this.#waiting.push(work);
    this.#retry ??= this.#clock.setTimer(RETRY_MS, () => this.#again());
  }

  /** Resolves when nothing waits. */
  written(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    this.#written ??= Promise.withResolvers<void>();
    return this.#written.promise;
  }

  #again(): void {
    this.#retry = undefined;
    for (let work = this.#waiting[0]; work; work = this.#waiting[0]) {
      try {
        if (!this.#try(work)) {
          this.#retry = this.#clock.setTimer(RETRY_MS, () => this.#again());
          return;
        }
      } catch (error) {
        this.#log.error(`what had waited for the disk failed otherwise: ${messageOf(error)}`);
      }
      this.#waiting.shift();
    }
    this.#log.info('the disk takes what it is given again');
    this.#written?.resolve();
    this.#written = undefined;
  }

  #try(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isDiskFault(error)) throw error;
      if (!this.#retry && this.#waiting.length === 0)
        this.#log.error(`the disk takes nothing: ${messageOf(error)}; it is tried again each second`);
      return false;
    }
  }
}
