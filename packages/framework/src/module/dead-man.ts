import type { Clock, Timer } from '@chargemesh/base';
import type { Heartbeat } from './module.ts';

/** How long a board goes on without a sign of life of whoever controls it. */
export const DEFAULT_PATIENCE_MS = 5000;

/** What a dead man's switch stands on: the board's own context, and how long to wait (default {@link DEFAULT_PATIENCE_MS}). */
export interface DeadManOptions {
  readonly clock: Clock;
  readonly heartbeat: Heartbeat;
  readonly patienceMs?: number | undefined;
}

/**
 * The dead man's switch of a board: calls `onSilence` once when whoever controls it has been silent for too long. It holds only those to
 * it that have ever given a sign of life, since modules of EVerest give none.
 */
export class DeadMan {
  readonly #options: DeadManOptions;
  readonly #onSilence: (moduleId: string) => void;
  #controller: string | undefined;
  #unwatch: () => void = () => {};
  #timer: Timer | undefined;

  constructor(options: DeadManOptions, onSilence: (moduleId: string) => void) {
    this.#options = options;
    this.#onSilence = onSilence;
  }

  /** A command of this module was taken: from now on its life is what matters. */
  controlledBy(moduleId: string): void {
    if (moduleId === this.#controller) return;
    this.stop();
    this.#controller = moduleId;
    this.#unwatch = this.#options.heartbeat.watch(moduleId, (sign) => this.#heard(moduleId, sign));
  }

  stop(): void {
    this.#unwatch();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#controller = undefined;
  }

  /** A word that it has left is no sign of life, but tells that it is one of those who give any. */
  #heard(moduleId: string, sign: 'alive' | 'gone'): void {
    if (sign === 'gone' && this.#timer) return;
    const { clock, patienceMs = DEFAULT_PATIENCE_MS } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.setTimer(patienceMs, () => {
      this.#timer = undefined;
      this.#onSilence(moduleId);
    });
  }
}
