import type { Clock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { Remembered, ResumeMemory } from './resume-memory.ts';
import type { SavedSession } from './session.ts';

/** A car whose EVSE was away for longer has not been charging in this transaction any more. */
const CAR_WAITS_MS = 30_000;

export type EnableWish = NonNullable<Remembered['enable']>[number];

/** What goes on from another life of this module. */
export interface Continued {
  /** The session that was open, unless it is too long ago for a car to have waited. */
  readonly session: SavedSession | undefined;
  readonly pauseRequested: boolean;
  readonly externalReady: boolean;
  readonly wishes: readonly EnableWish[];
  /** How long the EVSE was away; undefined where no transaction was open. */
  readonly awayMs: number | undefined;
  /** What the energy tree had granted, with the whole seconds that are left of it. */
  readonly grant: types.energy.EnforcedLimits | undefined;
}

/** Keeps in mind what an EVSE is about, so that its next life can go on with it. */
export class Continuation {
  readonly #memory: ResumeMemory;
  readonly #clock: Clock;
  #wishes: readonly EnableWish[] = [];
  #granted: { readonly limits: types.energy.EnforcedLimits; readonly atMs: number } | undefined;

  constructor(memory: ResumeMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** What the last life of this module was about, if it ended under the same run of the manager. */
  recall(): Continued | undefined {
    const remembered = this.#memory.load();
    if (!remembered) return undefined;
    const { session, pauseRequested = false, externalReady = false, enable = [] } = remembered;
    this.#wishes = enable;
    const mark = this.#memory.lastMark();
    const isOver = isRunning(session) && (mark?.agoMs ?? Number.POSITIVE_INFINITY) > CAR_WAITS_MS;
    if (isOver) this.noteSession(undefined);
    const leftS = mark?.limits === undefined ? 0 : Math.floor(mark.limits.valid_for - mark.agoMs / 1000);
    return {
      session: isOver ? undefined : session,
      pauseRequested,
      externalReady,
      wishes: enable,
      awayMs: isRunning(session) ? mark?.agoMs : undefined,
      grant: mark?.limits && leftS > 0 ? { ...mark.limits, valid_for: leftS } : undefined,
    };
  }

  /** The session is so now; undefined: there is none. */
  noteSession(session: SavedSession | undefined): void {
    this.#memory.save(session ? { session } : { session, pauseRequested: false });
    this.#memory.mark(isRunning(session), () => this.#grantLeft());
  }

  /** Whether a grant has come in this life. */
  get wasGranted(): boolean {
    return this.#granted !== undefined;
  }

  noteGrant(limits: types.energy.EnforcedLimits): void {
    this.#granted = { limits, atMs: this.#clock.monotonicMs() };
  }

  notePause(pauseRequested: boolean): void {
    this.#memory.save({ pauseRequested });
  }

  noteExternalReady(): void {
    this.#memory.save({ externalReady: true });
  }

  /** Each source has one word for the EVSE, and one for its connector. */
  noteWish(wish: EnableWish): void {
    const isSame = ({ connectorId, source }: EnableWish): boolean =>
      (connectorId === 0) === (wish.connectorId === 0) && source.enable_source === wish.source.enable_source;
    this.#wishes = [...this.#wishes.filter((other) => !isSame(other)), wish];
    this.#memory.save({ enable: this.#wishes });
  }

  dispose(): void {
    this.#memory.dispose();
  }

  /** The last grant, with the seconds that are left of it. */
  #grantLeft(): types.energy.EnforcedLimits | undefined {
    if (!this.#granted) return undefined;
    const { limits, atMs } = this.#granted;
    return { ...limits, valid_for: limits.valid_for - (this.#clock.monotonicMs() - atMs) / 1000 };
  }
}

function isRunning(session: SavedSession | undefined): boolean {
  return session?.transaction === 'active' || session?.transaction === 'stopping';
}
