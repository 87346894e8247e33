import type { Bus } from '../bus/bus.ts';
import type { ExternalMqtt } from '../module/module.ts';
import type { Outbox } from './outbox.ts';

/** Raw text from and to programs outside, below the external prefix. */
export class ExternalMqttPort implements ExternalMqtt {
  readonly #prefix: string;
  readonly #outbox: Outbox;
  readonly #subscriptions: { filter: string; listener: (payload: string, topic: string) => void }[] = [];

  constructor(prefix: string, outbox: Outbox) {
    this.#prefix = prefix;
    this.#outbox = outbox;
  }

  publish(topic: string, payload: string, options: { retain?: boolean } = {}): void {
    this.#outbox.send(this.#prefix + topic, payload, { retain: options.retain ?? false });
  }

  subscribe(filter: string, listener: (payload: string, topic: string) => void): void {
    this.#subscriptions.push({ filter: this.#prefix + filter, listener });
  }

  async open(bus: Bus, guard: (topic: string, work: () => void) => void): Promise<void> {
    for (const { filter, listener } of this.#subscriptions)
      await bus.subscribe(
        [filter],
        ({ topic, payload }) => guard(topic, () => listener(payload, topic.slice(this.#prefix.length))),
        { qos: 0 },
      );
  }
}
