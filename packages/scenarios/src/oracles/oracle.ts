import type { SeenMessage } from '../world/world.ts';

/** A rule that was broken. */
export interface OracleFinding {
  readonly rule: string;
  readonly message: string;
  /** On the monotonic axis of the world's clock. */
  readonly atMs: number;
}

/** Looks on at a mesh, and says what it did that it must never do. */
export interface Oracle {
  take(message: SeenMessage): void;
  /** All that it has found. */
  end(nowMs: number): readonly OracleFinding[];
}

/** Things that have to have happened by a moment. */
export class Deadlines {
  readonly #due = new Map<string, { readonly byMs: number; readonly message: string }>();
  /** What was missed, and goes on: said once. */
  readonly #missed = new Set<string>();
  readonly #rule: string;
  readonly findings: OracleFinding[] = [];

  constructor(rule: string) {
    this.#rule = rule;
  }

  /** Has to be {@link met} by then; one that runs under this name already goes on. */
  set(name: string, byMs: number, message: string): void {
    if (!this.#due.has(name) && !this.#missed.has(name)) this.#due.set(name, { byMs, message });
  }

  met(name: string): void {
    this.#missed.delete(name);
    this.#due.delete(name);
  }

  /** Time has come so far. */
  look(nowMs: number): void {
    for (const [name, { byMs, message }] of this.#due) {
      if (nowMs <= byMs) continue;
      this.#due.delete(name);
      this.#missed.add(name);
      this.found(message, byMs);
    }
  }

  found(message: string, atMs: number): void {
    this.findings.push({ rule: this.#rule, message, atMs });
  }
}
