import type { BusMessage } from '../bus/bus.ts';

/** What a module says of itself on its status topic. */
export type PresenceState = 'starting' | 'ready' | 'gone';

/** Another module as this one sees it, by its retained status. A module that has none (one of EVerest's) is never held to it. */
export class Peer {
  readonly moduleId: string;
  #state: PresenceState | 'unknown' = 'unknown';
  #live = false;
  /** What it has said meanwhile was lost. */
  #parted = false;
  readonly #listeners: ((present: boolean) => void)[] = [];
  readonly #reunionListeners: (() => void)[] = [];

  constructor(moduleId: string) {
    this.moduleId = moduleId;
  }

  get state(): PresenceState | 'unknown' {
    return this.#state;
  }

  /** Whether it has ever said anything. */
  get known(): boolean {
    return this.#state !== 'unknown';
  }

  get ready(): boolean {
    return this.#state === 'ready' || this.#state === 'unknown';
  }

  listen(listener: (present: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Hears when it is heard again that was there all the time, while the broker was not. */
  listenReunion(listener: () => void): void {
    this.#reunionListeners.push(listener);
  }

  /**
   * Takes a message of its status topic. A sign of life of one who is there says nothing new.
   * @returns whether it has just left
   */
  hear({ payload, retained }: BusMessage): boolean {
    if (payload === '') return false;
    if (this.#live && !retained && this.#state === 'ready' && payload.includes('"heartbeat"')) return false;
    return this.take((JSON.parse(payload) as { state: PresenceState }).state, retained);
  }

  /**
   * @param kept whether the broker had kept this word: it is older than any that came live, though it may arrive later
   * @returns whether it has just left
   */
  take(state: PresenceState, kept: boolean): boolean {
    if (kept && this.#live) return false;
    this.#live ||= !kept;
    const wasReady = this.#state === 'ready';
    this.#state = state;
    const isReady = state === 'ready';
    const isReunited = this.#parted && isReady && wasReady;
    this.#parted = false;
    if (isReunited) for (const listener of this.#reunionListeners) listener();
    if (isReady !== wasReady) for (const listener of this.#listeners) listener(isReady);
    return wasReady && !isReady;
  }

  /** The connection to the broker was lost: what it keeps is news again. */
  forgetLive(): void {
    this.#live = false;
    this.#parted = true;
  }
}
