import type { Clock, Timer } from '@chargemesh/base';

/** After this part of its time a grant should have been renewed. It is asked for then. */
const RENEW_AFTER = 0.6;
/** From one question to the next while it is not answered. */
const RETRY_MS = 1_000;
/** An EnergyNode of EVerest passes a changed limit on with the next request that comes from below, and only then. */
const STRANGER_PERIOD_MS = 1_000;
const STRANGER_IDLE_PERIOD_MS = 60_000;

/** What {@link RequestPace} stands on. */
export interface RequestPaceParts {
  readonly clock: Clock;
  readonly isInSession: () => boolean;
  /** Whether a grant must not run out. */
  readonly needsGrant: () => boolean;
  readonly ask: () => void;
}

/** Says when a leaf of the energy tree asks again although nothing has changed: not at all while no grant is needed. */
export class RequestPace {
  readonly #parts: RequestPaceParts;
  #timer: Timer | undefined;
  #underStranger = false;
  #renewAtMs = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RequestPaceParts) {
    this.#parts = parts;
  }

  /**
   * A grant has come, by a module of Chargemesh or by a stranger.
   * @param validForMs how long it holds; infinite where it grants nothing, which cannot run out
   */
  granted(validForMs: number, byStranger: boolean): void {
    this.#underStranger = byStranger;
    this.#renewAtMs = this.#parts.clock.monotonicMs() + validForMs * RENEW_AFTER;
    this.#arm();
  }

  /** It was asked just now. */
  asked(): void {
    this.#askedAtMs = this.#parts.clock.monotonicMs();
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const dueMs = this.#dueMs();
    if (dueMs === undefined || !Number.isFinite(dueMs)) return;
    this.#timer = this.#parts.clock.setTimer(dueMs - this.#parts.clock.monotonicMs(), () => {
      this.#timer = undefined;
      // It may have been in need of a grant when this was set, and no more.
      if (this.#dueMs() !== undefined) this.#parts.ask();
    });
  }

  #dueMs(): number | undefined {
    const { isInSession, needsGrant } = this.#parts;
    if (this.#underStranger) return this.#askedAtMs + (isInSession() ? STRANGER_PERIOD_MS : STRANGER_IDLE_PERIOD_MS);
    return needsGrant() ? Math.max(this.#renewAtMs, this.#askedAtMs + RETRY_MS) : undefined;
  }
}
