/** Holds work back until all EVSEs have once said that they are ready, so that nothing acts before OCPP has released them. */
export class Release {
  readonly #waitedFor: Set<string>;
  #held: (() => void)[] = [];

  constructor(moduleIds: Iterable<string>) {
    this.#waitedFor = new Set(moduleIds);
  }

  ready(moduleId: string): void {
    if (!this.#waitedFor.delete(moduleId) || this.#waitedFor.size > 0) return;
    const held = this.#held;
    this.#held = [];
    for (const work of held) work();
  }

  /** Does it now or, in the order in which it came, as soon as it may be done. */
  run(work: () => void): void {
    if (this.#waitedFor.size === 0) work();
    else this.#held.push(work);
  }
}
