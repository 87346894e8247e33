/** A StartTransaction.req, as far as it tells one transaction from another. */
export interface StartRequest {
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStart: number;
  readonly timestamp: string;
}

/** Far from where the bundled CSMS begins, so that a station that counts along is found out. */
const FIRST_ID = 500_001;

/** The numbers that a CSMS gives to transactions, and which of them are open. */
export class NumberedTransactions {
  readonly #ids = new Map<string, number>();
  readonly #open = new Map<number, string>();

  /** The number of a transaction: a start that is sent again, since its answer was lost, gets the one that it had. */
  start({ connectorId, idTag, meterStart, timestamp }: StartRequest): number {
    const key = JSON.stringify([connectorId, idTag, meterStart, timestamp]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = FIRST_ID + this.#ids.size;
    this.#ids.set(key, id);
    this.#open.set(id, idTag.toLowerCase());
    return id;
  }

  stop(id: number): void {
    this.#open.delete(id);
  }

  /** Whether a card is in an open transaction other than this one. */
  holds(idTag: string, except: number): boolean {
    return [...this.#open].some(([id, open]) => id !== except && open === idTag.toLowerCase());
  }
}
