import type { BusError } from './bus-error.ts';

interface Waiting {
  readonly send: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps the publishes on their way to the broker within a number that no broker drops: Mosquitto's defaults lose most of a burst without a
 * word, and every callback says that it went well.
 */
export class PublishWindow {
  readonly #size: number;
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Sends now or when there is room, in the order of the calls. */
  run(send: () => Promise<void>): Promise<void> {
    if (this.#inFlight < this.#size && this.#waiting.length === 0) return this.#start(send);
    return new Promise((resolve, reject) => this.#waiting.push({ send, resolve, reject }));
  }

  /** Fails all that waits: what was not sent before the connection broke must not arrive after it. */
  fail(error: BusError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async #start(send: () => Promise<void>): Promise<void> {
    this.#inFlight++;
    try {
      await send();
    } finally {
      this.#inFlight--;
      this.#next();
    }
  }

  #next(): void {
    if (this.#inFlight >= this.#size) return;
    const waiting = this.#waiting.shift();
    if (waiting) this.#start(waiting.send).then(waiting.resolve, waiting.reject);
  }
}
