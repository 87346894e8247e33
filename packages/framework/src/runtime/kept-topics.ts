import type { BusMessage } from '../bus/bus.ts';
import type { Outbox } from './outbox.ts';

/** The retained topics of one module beside the mesh's tree: last values and active errors, for those who join late. */
export class KeptTopics {
  readonly #outbox: Outbox;
  readonly #last = new Map<string, string>();
  /** What a former life of the module has left, and this one has not said yet. */
  readonly #leftovers = new Set<string>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  keep(topic: string, payload: string): void {
    this.#leftovers.delete(topic);
    this.#last.set(topic, payload);
    this.#outbox.send(topic, payload, { retain: true });
  }

  /** Takes what the broker had kept of this module before it said anything itself. */
  found({ topic, payload, retained }: BusMessage): void {
    if (retained && payload !== '' && !this.#last.has(topic)) this.#leftovers.add(topic);
  }

  /** The module is ready: what it has not said by now does not hold any more. */
  dropLeftovers(): void {
    for (const topic of this.#leftovers) this.#outbox.send(topic, '', { retain: true });
    this.#leftovers.clear();
  }

  /** After the broker was away: it may have forgotten all. */
  resend(): void {
    for (const [topic, payload] of this.#last) this.#outbox.send(topic, payload, { retain: true });
  }

  topics(): readonly string[] {
    return [...this.#last.keys()];
  }
}
