import type { types } from '@chargemesh/contracts';
import type { SystemStore } from './system-store.ts';

type BootReason = types.system.BootReason;

/**
 * Why the station was started. The reason of a restart is kept until a CSMS has accepted a boot that was reported with it, so a power
 * cut between the report and the acceptance does not lose it.
 *
 * The interface has no command that says "accepted". What says it is the first setting of the time: OCPP takes the time from an
 * accepted BootNotification, and from heartbeats that follow one, and from nothing else.
 */
export class BootRecord {
  readonly #store: SystemStore;
  #told = false;

  constructor(store: SystemStore) {
    this.#store = store;
  }

  /** The reason to report. PowerUp where nobody announced a restart. */
  tell(): BootReason {
    const reason = this.#store.bootReason;
    this.#told = reason !== undefined;
    return reason ?? 'PowerUp';
  }

  /** A CSMS has accepted the boot. */
  accepted(): void {
    if (!this.#told) return;
    this.#told = false;
    this.#store.bootReason = undefined;
  }

  /** The station is about to be started again. A reason that was announced before, and more closely, stands. */
  announce(reason: BootReason): void {
    this.#told = false;
    if (this.#store.bootReason === undefined) this.#store.bootReason = reason;
  }
}
