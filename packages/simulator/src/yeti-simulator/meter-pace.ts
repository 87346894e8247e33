import type { Clock, Timer } from '@chargemesh/base';

/** From one reading to the next after a change, for so long. */
export const LIVELY_PERIOD_MS = 500;
const LIVELY_FOR_MS = 10_000;
/** From one reading to the next while nothing flows. */
const IDLE_PERIOD_MS = 300_000;
/** So much before a full idle period of the wall clock: who samples at the full one finds a fresh reading. */
const IDLE_LEAD_MS = 500;

/** What {@link MeterPace} stands on. */
export interface MeterPaceParts {
  readonly clock: Clock;
  /** From one reading to the next while the same current flows on. */
  readonly steadyMs: number;
  /** Whether current flows. */
  readonly flows: () => boolean;
  /** Publishes a reading. */
  readonly read: () => void;
}

/**
 * Says when a meter is read: at once where something changes, twice a second for a while after that, each second or so while the same
 * current flows on, and every few minutes while nothing flows. So a board without a car costs next to nothing.
 */
export class MeterPace {
  readonly #parts: MeterPaceParts;
  #timer: Timer | undefined;
  #started = false;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: MeterPaceParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#started = true;
    this.#read();
  }

  stop(): void {
    this.#started = false;
    this.#timer?.cancel();
  }

  /** Other currents flow, or the register was set: the reading is due now. */
  changed(): void {
    this.#changedAtMs = this.#parts.clock.monotonicMs();
    this.#read();
  }

  /** Somebody is about to look at the last reading: it is to be no older than it would be while all is lively. */
  refresh(): void {
    if (this.#started && this.#parts.clock.monotonicMs() - this.#readAtMs >= LIVELY_PERIOD_MS) this.#read();
  }

  #read(): void {
    this.#readAtMs = this.#parts.clock.monotonicMs();
    this.#parts.read();
    this.#timer?.cancel();
    this.#timer = this.#started ? this.#parts.clock.setTimer(this.#delayMs(), () => this.#read()) : undefined;
  }

  #delayMs(): number {
    const { clock, steadyMs, flows } = this.#parts;
    if (!flows()) {
      const leadMs = clock.wallMs() + IDLE_LEAD_MS;
      return IDLE_PERIOD_MS - (leadMs % IDLE_PERIOD_MS);
    }
    if (this.#readAtMs - this.#changedAtMs < LIVELY_FOR_MS) return LIVELY_PERIOD_MS;
    return Math.max(LIVELY_PERIOD_MS, steadyMs);
  }
}
