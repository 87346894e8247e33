const FIRST_MS = 200;
const LONGEST_MS = 30_000;
/** Who ran this long is healthy again. */
const HEALTHY_MS = 60_000;

/** How long to wait before a module that died is started again: twice as long each time, until it has run for a minute. */
export class BackOff {
  readonly #deaths = new Map<string, { count: number; lastMs: number }>();

  /** @returns milliseconds to wait */
  next(moduleId: string, nowMs: number): number {
    const before = this.#deaths.get(moduleId);
    const count = before && nowMs - before.lastMs < HEALTHY_MS ? before.count + 1 : 1;
    this.#deaths.set(moduleId, { count, lastMs: nowMs });
    return Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1));
  }

  /** How often it died in a row. */
  count(moduleId: string): number {
    return this.#deaths.get(moduleId)?.count ?? 0;
  }
}
