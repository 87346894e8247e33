import { type Logger, messageOf } from '@chargemesh/base';

/** Hears of a change: the key, and its new value. */
export type ChangeListener = (key: string, value: unknown) => void;

/** Who wants to hear of changes. Any number may listen to the same key, and all of them hear (B-07). */
export class ChangeListeners {
  readonly #log: Logger;
  readonly #listeners = new Map<string, Set<ChangeListener>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param key the exact name of a key, or `*` for all */
  add(key: string, listener: ChangeListener): { cancel(): void } {
    const entry: ChangeListener = (name, value) => listener(name, value);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(entry));
    return { cancel: () => void listeners.delete(entry) };
  }

  tell(key: string, value: unknown): void {
    for (const listener of [...(this.#listeners.get(key) ?? []), ...(this.#listeners.get('*') ?? [])]) {
      try {
        listener(key, value);
      } catch (thrown) {
        this.#log.error('the effect of a changed key failed', { key, error: messageOf(thrown) });
      }
    }
  }
}
