import type { Bus, PublishOptions } from '../bus/bus.ts';
import { BusError } from '../bus/bus-error.ts';

interface Held {
  readonly topic: string;
  readonly payload: string;
  readonly options: PublishOptions | undefined;
}

/**
 * What a module publishes, on its way to the bus. Until the mesh is ready it is held back, in order. Away from the broker nothing is
 * held: an event would arrive as if it were fresh.
 */
export class Outbox {
  readonly #bus: Bus;
  readonly #onLost: (topic: string, error: unknown) => void;
  #held: Held[] | undefined = [];
  #closed = false;

  constructor(bus: Bus, onLost: (topic: string, error: unknown) => void) {
    this.#bus = bus;
    this.#onLost = onLost;
  }

  /** Whether the mesh is not ready yet, so that everything waits. */
  get holding(): boolean {
    return this.#held !== undefined;
  }

  send(topic: string, payload: string, options?: PublishOptions): void {
    if (this.#closed) return;
    if (this.#held) this.#held.push({ topic, payload, options });
    else this.#publish({ topic, payload, options });
  }

  /** The mesh is ready: what was held goes out. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#publish(message);
  }

  /** The module has stopped: whatever it still says is not sent, and would never be taken back. */
  close(): void {
    this.#closed = true;
  }

  #publish({ topic, payload, options }: Held): void {
    this.#bus.publish(topic, payload, options).catch((error) => {
      if (!(error instanceof BusError) || error.code !== 'BUS_CLOSED') this.#onLost(topic, error);
    });
  }
}
