import type { types } from '@chargemesh/contracts';
import type { Evse } from './evse.ts';

/** One token on its way from the reader to an EVSE. */
export class TokenProcess {
  token: types.authorization.ProvidedIdToken;
  /** Where it may be used, when it came. */
  readonly referenced: readonly Evse[];
  /** Settles when it has been dealt with. */
  readonly finished: Promise<void>;
  readonly #finish: () => void;
  readonly #onWithdrawn = new Set<() => void>();
  #withdrawn = false;

  constructor(token: types.authorization.ProvidedIdToken, referenced: readonly Evse[]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.token = token;
    this.referenced = referenced;
    this.finished = promise;
    this.#finish = resolve;
  }

  get withdrawn(): boolean {
    return this.#withdrawn;
  }

  /** Somebody took the token back before it was placed. */
  withdraw(): void {
    this.#withdrawn = true;
    for (const listener of this.#onWithdrawn) listener();
  }

  /** @returns how to stop listening */
  onWithdrawn(listener: () => void): () => void {
    this.#onWithdrawn.add(listener);
    return () => this.#onWithdrawn.delete(listener);
  }

  finish(): void {
    this.#finish();
  }
}
