/** What a module says of itself on its status topic. */
export type PresenceState = 'starting' | 'ready' | 'gone';

/** Another module as this one sees it, by its retained status. A module that has none (one of EVerest's) is never held to it. */
export class Peer {
  readonly moduleId: string;
  #state: PresenceState | 'unknown' = 'unknown';
  readonly #listeners: ((present: boolean) => void)[] = [];

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

  /** @returns whether it has just left */
  take(state: PresenceState): boolean {
    const wasReady = this.#state === 'ready';
    this.#state = state;
    const isReady = state === 'ready';
    if (isReady !== wasReady) for (const listener of this.#listeners) listener(isReady);
    return wasReady && !isReady;
  }
}
