import type { BusListener, BusMessage } from './bus.ts';
import { isPattern, matchesFilter } from './topic-filter.ts';

/** Who listens to what within one connection: exact topics by a map, patterns one by one. */
export class SubscriptionTable {
  readonly #exact = new Map<string, Set<BusListener>>();
  readonly #patterns = new Map<string, Set<BusListener>>();

  /** @returns the filters that nobody had subscribed to before */
  add(filters: readonly string[], listener: BusListener): string[] {
    const fresh: string[] = [];
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
    for (const filter of filters) {
      const table = this.#tableOf(filter);
      const listeners = table.get(filter);
      if (!listeners?.delete(listener) || listeners.size > 0) continue;
      table.delete(filter);
      idle.push(filter);
    }
    return idle;
  }

  filters(): string[] {
    return [...this.#exact.keys(), ...this.#patterns.keys()];
  }

  /** Whether anybody listens to this topic. */
  wants(topic: string): boolean {
    if (this.#exact.has(topic)) return true;
    for (const filter of this.#patterns.keys()) if (matchesFilter(filter, topic)) return true;
    return false;
  }

  /** Hands a message to each listener whose filter matches, once. */
  deliver(message: BusMessage): void {
    const exact = this.#exact.get(message.topic);
    if (exact && this.#patterns.size === 0) {
      for (const listener of [...exact]) listener(message);
      return;
    }
    const listeners = new Set(exact);
    for (const [filter, members] of this.#patterns) {
      if (matchesFilter(filter, message.topic)) for (const listener of members) listeners.add(listener);
    }
    for (const listener of listeners) listener(message);
  }

  #tableOf(filter: string): Map<string, Set<BusListener>> {
    return isPattern(filter) ? this.#patterns : this.#exact;
  }
}
