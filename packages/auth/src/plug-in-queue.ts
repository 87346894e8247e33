/** EVSEs whose cars wait for an authorization, in the order in which they were plugged in. */
export class PlugInQueue {
  readonly #order: number[] = [];
  readonly #listeners = new Set<() => void>();

  /** EVSE ids, the oldest first. */
  get order(): readonly number[] {
    return this.#order;
  }

  add(evseId: number): void {
    this.remove(evseId);
    this.#order.push(evseId);
    this.wake();
  }

  remove(evseId: number): void {
    const at = this.#order.indexOf(evseId);
    if (at >= 0) this.#order.splice(at, 1);
  }

  /** Lets those who wait for a car look again, the one that has waited longest first. */
  wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** @returns how to stop listening */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
