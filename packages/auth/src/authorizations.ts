import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import type { AuthSettings } from './auth-settings.ts';
import type { Evse, Identifier } from './evse.ts';
import type { PlugInQueue } from './plug-in-queue.ts';
import type { PublishStatus } from './ports.ts';

/** What placing authorizations needs. */
export interface AuthorizationsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: AuthSettings;
  readonly queue: PlugInQueue;
  readonly publishStatus: PublishStatus;
  /** Hears when an authorization was placed or removed. */
  readonly changed: () => void;
  /** Hears when one was removed. */
  readonly removed: () => void;
}

/** Places authorizations at EVSEs and takes back those that nobody used in time. */
export class Authorizations {
  readonly #options: AuthorizationsOptions;
  readonly #takenBack = new WeakSet<Identifier>();
  /** Authorizations that their EVSE has not answered to yet. */
  readonly #onTheirWay = new Set<Identifier>();
  /** EVSEs that were away when an authorization was taken back from them. */
  readonly #owed = new Set<Evse>();

  constructor(options: AuthorizationsOptions) {
    this.#options = options;
  }

  /** Notes an authorization before its EVSE hears of it, so that nothing that the EVSE answers comes too early. */
  place(evse: Evse, identifier: Identifier): void {
    const { queue, changed } = this.#options;
    evse.identifier = identifier;
    evse.doubtful = undefined;
    this.#owed.delete(evse);
    queue.remove(evse.id);
    this.awaitCar(evse, identifier);
    changed();
  }

  /** Tells an EVSE of an authorization that is {@link place}d there. @throws what the EVSE throws, or that it is away */
  async send(evse: Evse, identifier: Identifier): Promise<void> {
    this.#onTheirWay.add(identifier);
    try {
      await evse.port.authorize(identifier.token, identifier.result);
    } finally {
      this.#onTheirWay.delete(identifier);
    }
  }

  /** (Re)starts the wait for the car of an authorization. */
  awaitCar(evse: Evse, identifier: Identifier): void {
    const { clock, settings } = this.#options;
    evse.stopTimer();
    evse.timer = clock.setTimer(settings.connectionTimeoutS * 1000, () => void this.#onUnused(evse, identifier));
  }

  /** A car was plugged in without authorization: where that is configured it has to leave when none comes in time. */
  awaitToken(evse: Evse): void {
    const { clock, settings } = this.#options;
    evse.stopTimer();
    evse.timer = clock.setTimer(settings.connectionTimeoutS * 1000, () => void this.#onNoToken(evse));
  }

  /** Whether an authorization was withdrawn, by command or because nobody used it. */
  wasTakenBack(identifier: Identifier): boolean {
    return this.#takenBack.has(identifier);
  }

  remove(evse: Evse): void {
    evse.stopTimer();
    if (!evse.identifier) return;
    evse.identifier = undefined;
    this.#options.changed();
    this.#options.removed();
  }

  /** An EVSE tells that an authorization is over. One that is still on its way to it cannot be meant. */
  ended(evse: Evse): void {
    if (!evse.identifier || !this.#onTheirWay.has(evse.identifier)) this.remove(evse);
  }

  /** Takes an authorization that was not used back from its EVSE. */
  async withdraw(evse: Evse): Promise<void> {
    if (evse.identifier) this.#takenBack.add(evse.identifier);
    this.remove(evse);
    this.#options.queue.remove(evse.id);
    try {
      await evse.port.withdraw();
    } catch (thrown) {
      if (!evse.identifier) this.#owed.add(evse);
      this.#options.log.warn('the authorization could not be withdrawn', { evse: evse.id, error: messageOf(thrown) });
    }
  }

  /** An EVSE was disabled: it has let go of an authorization, or passes over one that is still on its way. */
  async letGo(evse: Evse): Promise<void> {
    const { identifier } = evse;
    if (!identifier || evse.transactionActive) return;
    await this.withdraw(evse);
    this.#options.publishStatus(identifier.token, 'Withdrawn');
  }

  /** An EVSE has begun, again maybe: what it was not told when it was away, it is told now. */
  async remind(evse: Evse): Promise<void> {
    // Where a transaction runs the car came before the word did: it has to be stopped, not taken back.
    if (this.#owed.delete(evse) && !evse.transactionActive) await this.withdraw(evse);
  }

  async #onUnused(evse: Evse, identifier: Identifier): Promise<void> {
    await this.withdraw(evse);
    this.#options.publishStatus(identifier.token, 'TimedOut');
    this.#options.queue.wake();
  }

  async #onNoToken(evse: Evse): Promise<void> {
    evse.replugNeeded = true;
    await this.withdraw(evse);
  }
}
