/** Drives a connector lock. Each call resolves when the lock's driver has done it, and rejects where it could not. */
export interface LockPort {
  lock(): Promise<void>;
  unlock(): Promise<void>;
}

/**
 * Decides whether the plug is locked: always while the relay is closed, and otherwise, unless somebody unlocked it by force, where it is
 * held, or where the pilot wants it and the session is authorised. The driver hears of changes alone, and of nothing before there is one: a
 * station that starts anew may have a car under load.
 */
export class LockRule {
  readonly #port: LockPort;
  readonly #onFailure: (error: unknown) => void;
  /** What the driver was told last; undefined before it was told anything, since the lock may be in any position. */
  #locked: boolean | undefined;
  #relayClosed = false;
  #wanted = false;
  #held = false;
  #authorized = true;
  #forced = false;

  constructor(port: LockPort, onFailure: (error: unknown) => void) {
    this.#port = port;
    this.#onFailure = onFailure;
  }

  setRelayClosed(closed: boolean): void {
    this.#relayClosed = closed;
    this.#apply();
  }

  setWanted(wanted: boolean): void {
    this.#wanted = wanted;
    if (!wanted) this.#forced = false;
    this.#apply();
  }

  /** Whether it stays locked whatever the car does. */
  setHeld(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#apply();
  }

  setAuthorized(authorized: boolean): void {
    if (authorized === this.#authorized) return;
    this.#authorized = authorized;
    this.#apply();
  }

  /**
   * Unlocks whatever is believed of the lock's position, and keeps it so while this car is plugged in.
   * @returns false, doing nothing, while the relay is closed
   * @throws what the lock's driver throws
   */
  async forceUnlock(pluggedIn: boolean): Promise<boolean> {
    if (this.#relayClosed) return false;
    if (pluggedIn) this.#forced = true;
    this.#locked = false;
    await this.#port.unlock();
    return true;
  }

  #apply(): void {
    const locked = this.#relayClosed || (!this.#forced && (this.#held || (this.#wanted && this.#authorized)));
    if (locked === this.#locked) return;
    this.#locked = locked;
    const done = locked ? this.#port.lock() : this.#port.unlock();
    done.catch((error) => {
      this.#locked = undefined;
      this.#onFailure(error);
    });
  }
}
