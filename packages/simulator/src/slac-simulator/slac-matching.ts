import type { Clock, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type SlacState = types.slac.State;
type Side = 'evse' | 'ev';

/** What the pair tells each side. */
export interface SlacOutputs {
  state(side: Side, state: SlacState): void;
  dlinkReady(side: Side, ready: boolean): void;
}

/** How long two sides that look for each other take to find each other. */
const MATCHING_MS = 2000;

/**
 * The signal level attenuation characterisation of ISO 15118-3, without a signal: an EVSE and a car that both look for a partner find
 * each other after two seconds. One pair only, so an instance that serves two EVSEs cannot tell them apart.
 */
export class SlacMatching {
  readonly #clock: Clock;
  readonly #out: SlacOutputs;
  readonly #states: Record<Side, SlacState> = { evse: 'UNMATCHED', ev: 'UNMATCHED' };
  #timer: Timer | undefined;

  constructor(clock: Clock, out: SlacOutputs) {
    this.#clock = clock;
    this.#out = out;
  }

  /** This side looks for a partner. A side that has one already keeps it. */
  look(side: Side): void {
    if (this.#states[side] !== 'UNMATCHED') return;
    this.#set(side, 'MATCHING');
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(MATCHING_MS, () => this.#match());
  }

  /** This side gives up its partner or its search. The other side finds out by itself, as over a real line. */
  leave(side: Side): void {
    if (this.#states[side] === 'UNMATCHED') return;
    const hadLink = this.#states[side] === 'MATCHED';
    this.#set(side, 'UNMATCHED');
    // An EVSE says so of a search as well, as EVerest's does.
    if (hadLink || side === 'evse') this.#out.dlinkReady(side, false);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #match(): void {
    if (this.#states.evse !== 'MATCHING' || this.#states.ev !== 'MATCHING') return;
    for (const side of ['evse', 'ev'] as const) {
      this.#set(side, 'MATCHED');
      this.#out.dlinkReady(side, true);
    }
  }

  #set(side: Side, state: SlacState): void {
    this.#states[side] = state;
    this.#out.state(side, state);
  }
}
