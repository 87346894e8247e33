import type { Outbox } from './outbox.ts';

/** The retained topics of one module beside the mesh's tree: last values and active errors, for those who join late. */
export class KeptTopics {
  readonly #outbox: Outbox;
  readonly #last = new Map<string, string>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  keep(topic: string, payload: string): void {
    this.#last.set(topic, payload);
    this.#outbox.send(topic, payload, { retain: true });
  }

  /** After the broker was away: it may have forgotten all. */
  resend(): void {
    for (const [topic, payload] of this.#last) this.#outbox.send(topic, payload, { retain: true });
  }

  topics(): readonly string[] {
    return [...this.#last.keys()];
  }
}
