/** When an EVSE begins to work: what its last run has left is looked after, and the word from outside has come where it is waited for. */
export class Readiness {
  readonly #needsWord: boolean;
  readonly #begin: () => void;
  #recovered = false;
  #word = false;
  #begun = false;

  /** @param begin called once, when nothing is waited for any more */
  constructor(needsWord: boolean, begin: () => void) {
    this.#needsWord = needsWord;
    this.#begin = begin;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** What the last run has left is looked after. */
  recovered(): void {
    this.#recovered = true;
    this.#beginIfDue();
  }

  /** The word from outside has come. @returns false where nobody waits for it */
  word(): boolean {
    if (!this.#needsWord) return false;
    this.#word = true;
    this.#beginIfDue();
    return true;
  }

  #beginIfDue(): void {
    if (this.#begun || !this.#recovered || (this.#needsWord && !this.#word)) return;
    this.#begun = true;
    this.#begin();
  }
}
