import { type Logger, messageOf } from '@chargemesh/base';
import { type Bus, BusError, type BusSubscription, type Topics } from '@chargemesh/framework';

/**
 * Clears what a module had kept for late joiners when it died: nobody who comes now shall take it for the present state. A module that stops
 * in order does so itself, and one that starts again clears what this one did not get to.
 */
export class KeptValues {
  readonly #bus: Bus;
  readonly #topics: Topics;
  readonly #log: Logger;
  /** Modules that are dead, each with the subscription to what is kept of it. */
  readonly #dead = new Map<string, Promise<BusSubscription>>();

  constructor(bus: Bus, topics: Topics, log: Logger) {
    this.#bus = bus;
    this.#topics = topics;
    this.#log = log;
  }

  /**
   * Clears what a run of the mesh that was cut off has left with an outside broker, and what it had kept of modules that there are no more. To
   * be called before the first module starts: what it is told then would be taken for what is.
   * @param goOn modules that may have gone on without a manager
   * @throws BusError where the connection breaks meanwhile
   */
  async forgetFormerRun(goOn: ReadonlySet<string>): Promise<void> {
    const left: string[] = [];
    const all = this.#topics.keptBy('+');
    const echo = `${this.#topics.own}manager/echo/kept`;
    const heardAll = Promise.withResolvers<void>();
    const subscription = await this.#bus.subscribe([all, echo], ({ topic, payload, retained }) => {
      if (topic === echo) heardAll.resolve();
      else if (retained && payload !== '' && !goOn.has(this.#moduleOf(topic))) left.push(topic);
    });
    // An echo that was lost with the connection never comes.
    this.#bus.onConnection((connected) => {
      if (!connected)
        heardAll.reject(new BusError('BUS_DISCONNECTED', 'the connection to the broker broke while the mesh started'));
    });
    // It comes behind all that the broker had to tell.
    await Promise.all([heardAll.promise, this.#bus.publish(echo, '')]);
    await Promise.all(left.map((topic) => this.#bus.publish(topic, '', { retain: true })));
    await subscription.close();
  }

  #moduleOf(topic: string): string {
    return topic.slice(`${this.#topics.own}modules/`.length).split('/')[0] ?? '';
  }

  died(moduleId: string): void {
    if (this.#dead.has(moduleId) || !this.#bus.connected) return;
    const subscription = this.#bus.subscribe([this.#topics.keptBy(moduleId)], ({ topic, payload, retained }) => {
      if (retained && payload !== '' && this.#dead.has(moduleId))
        this.#bus.publish(topic, '', { retain: true }).catch(() => {});
    });
    subscription.catch((error) => this.#log.warn(`what ${moduleId} had kept is not cleared: ${messageOf(error)}`));
    this.#dead.set(moduleId, subscription);
  }

  /** It is there again: from here on it says itself what holds. */
  returns(moduleId: string): void {
    const subscription = this.#dead.get(moduleId);
    this.#dead.delete(moduleId);
    subscription?.then((open) => open.close()).catch(() => {});
  }
}
