import type { PilotLetter } from './pilot-letter.ts';

/** Where the pilot says anything else, the plug is let go as at any other EVSE. */
const soundLetters: ReadonlySet<PilotLetter> = new Set(['A', 'B', 'C', 'D']);

/** The control pilot, as far as a plug is held there. */
export interface HoldingPilot {
  readonly letter: PilotLetter;
  readonly plugged: boolean;
  setHeld(held: boolean): void;
}

/** Keeps the plug locked for a car that is to come back. */
export class PlugHold {
  readonly #pilot: HoldingPilot;
  readonly #cableFreed: () => void;
  #held = false;

  /** @param cableFreed called when a cable without a car is let go: it may be pulled, and another one put in */
  constructor(pilot: HoldingPilot, cableFreed: () => void) {
    this.#pilot = pilot;
    this.#cableFreed = cableFreed;
  }

  get held(): boolean {
    return this.#held;
  }

  /** @param outlives whether a transaction goes on though its car is unplugged */
  update(outlives: boolean): void {
    const held = outlives && soundLetters.has(this.#pilot.letter);
    if (held === this.#held) return;
    this.#held = held;
    this.#pilot.setHeld(held);
    if (!held && !this.#pilot.plugged) this.#cableFreed();
  }
}
