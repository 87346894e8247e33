import type { Logger } from '@chargemesh/base';

/** Messages that did not fit and were dropped: each topic is logged the first time and counted from then on. */
export class DropLog {
  readonly #log: Logger;
  readonly #counts = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  drop(topic: string, reason: string): void {
    const count = (this.#counts.get(topic) ?? 0) + 1;
    this.#counts.set(topic, count);
    if (count === 1) this.#log.warn(`dropped a message on ${topic}: ${reason}`, { topic, reason });
  }

  /** Topic to how many messages were dropped. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
