import type { BusListener, BusMessage } from './bus.ts';
import { isPattern, matchesFilter } from './topic-filter.ts';

/** Topics for which it is remembered who listens. A mesh has some hundred; one that makes up topics must not fill the memory. */
const REMEMBERED_TOPICS = 5_000;

/** Who listens to what within one connection. What matches a topic is found out once. */
export class SubscriptionTable {
  readonly #exact = new Map<string, Set<BusListener>>();
  readonly #patterns = new Map<string, Set<BusListener>>();
  readonly #found = new Map<string, readonly BusListener[]>();

  /** @returns the filters that nobody had subscribed to before */
  add(filters: readonly string[], listener: BusListener): string[] {
    const fresh: string[] = [];
    this.#found.clear();
    for (const filter of filters) {
      const table = this.#tableOf(filter);
      const listeners = table.get(filter);
      if (listeners) listeners.add(listener);
      else {
        table.set(filter, new Set([listener]));
        fresh.push(filter);
      }
    }
    return fresh;
  }

  /** @returns the filters that nobody subscribes to any more */
  remove(filters: readonly string[], listener: BusListener): string[] {
    const idle: string[] = [];
    this.#found.clear();
    for (const filter of filters) {
      const table = this.#tableOf(filter);
      const listeners = table.get(filter);
      if (!listeners?.delete(listener) || listeners.size > 0) continue;
      table.delete(filter);
      idle.push(filter);
    }
    return idle;
  }

  /** How many listeners there are, each counted once for each of its filters. */
  get listeners(): number {
    return [...this.#exact.values(), ...this.#patterns.values()].reduce((sum, members) => sum + members.size, 0);
  }

  filters(): string[] {
    return [...this.#exact.keys(), ...this.#patterns.keys()];
  }

  /** Whether anybody listens to this topic. */
  wants(topic: string): boolean {
    return this.#listenersOf(topic).length > 0;
  }

  /** Hands a message to each listener whose filter matches, once. */
  deliver(message: BusMessage): void {
    for (const listener of this.#listenersOf(message.topic)) listener(message);
  }

  #listenersOf(topic: string): readonly BusListener[] {
    const known = this.#found.get(topic);
    if (known) return known;
    const listeners = new Set(this.#exact.get(topic));
    for (const [filter, members] of this.#patterns)
      if (matchesFilter(filter, topic)) for (const listener of members) listeners.add(listener);
    if (this.#found.size >= REMEMBERED_TOPICS) this.#found.clear();
    const found = [...listeners];
    this.#found.set(topic, found);
    return found;
  }

  #tableOf(filter: string): Map<string, Set<BusListener>> {
    return isPattern(filter) ? this.#patterns : this.#exact;
  }
}
