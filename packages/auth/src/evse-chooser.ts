import type { Clock, Timer } from '@chargemesh/base';
import type { AuthSettings } from './auth-settings.ts';
import type { Evse } from './evse.ts';
import type { PlugInQueue } from './plug-in-queue.ts';
import { select } from './selection.ts';
import type { TokenProcess } from './token-process.ts';

/** Finds the EVSE for a token, and waits for a car where the algorithm says so. */
export class EvseChooser {
  readonly #clock: Clock;
  readonly #settings: AuthSettings;
  readonly #queue: PlugInQueue;

  constructor(clock: Clock, settings: AuthSettings, queue: PlugInQueue) {
    this.#clock = clock;
    this.#settings = settings;
    this.#queue = queue;
  }

  /**
   * The EVSE for a token, claimed for it: whoever gets it has to give the claim up. Tokens that wait are served in the order in
   * which they began to.
   *
   * @param candidates where the token may be used
   * @param suits whether no reservation speaks against it there
   */
  async choose(
    process: TokenProcess,
    candidates: readonly Evse[],
    suits: (evse: Evse) => boolean,
  ): Promise<Evse | 'timed out' | 'withdrawn'> {
    const found = this.#claim(candidates, suits);
    if (found) return found;
    const { promise, resolve } = Promise.withResolvers<Evse | 'timed out' | 'withdrawn'>();
    let settled = false;
    const settle = (outcome: Evse | 'timed out' | 'withdrawn'): void => {
      settled = true;
      timer.cancel();
      stopListening();
      stopWatching();
      resolve(outcome);
    };
    const timer: Timer = this.#clock.setTimer(this.#settings.connectionTimeoutS * 1000, () => settle('timed out'));
    const stopListening = this.#queue.listen(() => {
      if (settled) return;
      const evse = this.#claim(candidates, suits);
      if (evse) settle(evse);
    });
    const stopWatching = process.onWithdrawn(() => settle('withdrawn'));
    return await promise;
  }

  #claim(candidates: readonly Evse[], suits: (evse: Evse) => boolean): Evse | undefined {
    const free = candidates.filter((evse) => !evse.identifier);
    const evse = select(this.#settings.algorithm, free, this.#queue.order, suits);
    if (evse) evse.claimed = true;
    return evse;
  }
}
