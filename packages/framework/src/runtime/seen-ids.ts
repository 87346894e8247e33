/** The last so many ids, to notice a second delivery of the same command. */
export class SeenIds {
  readonly #size: number;
  readonly #ids = new Set<string>();
  /** In the order in which they came, as a ring. */
  readonly #order: string[] = [];
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns whether this id was new */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const oldest = this.#order[this.#next];
    if (oldest !== undefined) this.#ids.delete(oldest);
    this.#order[this.#next] = id;
    this.#next = (this.#next + 1) % this.#size;
    return true;
  }
}
