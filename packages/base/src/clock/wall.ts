import type { Clock, Timer } from './clock.ts';

/** The mesh's offset to the machine's wall clock, and who wants to hear when it moves. */
export class WallOffset {
  #offsetMs = 0;
  readonly #listeners = new Set<(deltaMs: number) => void>();

  get ms(): number {
    return this.#offsetMs;
  }

  set ms(offsetMs: number) {
    const deltaMs = offsetMs - this.#offsetMs;
    if (deltaMs === 0) return;
    this.#offsetMs = offsetMs;
    for (const listener of [...this.#listeners]) listener(deltaMs);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  listen(listener: (deltaMs: number) => void): Timer {
    const entry = (deltaMs: number): void => listener(deltaMs);
    this.#listeners.add(entry);
    return { cancel: () => void this.#listeners.delete(entry) };
  }
}

/** The sleep that every clock has, over its timers. */
export function sleepOn(clock: Pick<Clock, 'setTimer'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
