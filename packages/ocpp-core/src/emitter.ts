import { type Logger, messageOf, type Timer } from '@chargemesh/base';

/** Tells listeners of events. A listener that throws is logged and disturbs neither the others nor the teller. */
export class Emitter<Events extends object> {
  readonly #log: Logger;
  readonly #listeners: { [K in keyof Events]?: Set<(value: Events[K]) => void> } = {};

  constructor(log: Logger) {
    this.#log = log;
  }

  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): Timer {
    const listeners = this.#listeners[event] ?? new Set<(value: Events[K]) => void>();
    this.#listeners[event] = listeners;
    const entry = (value: Events[K]): void => listener(value);
    listeners.add(entry);
    return { cancel: () => void listeners.delete(entry) };
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    const listeners = this.#listeners[event];
    if (!listeners || listeners.size === 0) return;
    for (const listener of [...listeners])
      try {
        listener(value);
      } catch (thrown) {
        this.#log.error('a listener failed', { event: String(event), error: messageOf(thrown) });
      }
  }
}
