import type { Clock } from '@chargemesh/base';
import type { Bus } from '../bus/bus.ts';
import type { Topics } from '../wire/topics.ts';

/**
 * Keeps the wall time of all processes of a mesh together: who sets it publishes the mesh's offset to the machine's clock, retained;
 * everybody else follows. One for each process.
 */
export class ClockSync {
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #topic: string;

  constructor(clock: Clock, bus: Bus, topics: Topics) {
    this.#clock = clock;
    this.#bus = bus;
    this.#topic = `${topics.own}clock`;
  }

  async start(): Promise<void> {
    await this.#bus.subscribe([this.#topic], ({ payload }) => {
      const offsetMs = payload === '' ? Number.NaN : Number((JSON.parse(payload) as { offset_ms?: unknown }).offset_ms);
      if (!Number.isFinite(offsetMs)) return;
      const deltaMs = offsetMs - this.#clock.wallOffsetMs();
      if (deltaMs !== 0) this.#clock.setWall(this.#clock.wallMs() + deltaMs);
    });
    this.#clock.onWallJump(() => {
      const text = JSON.stringify({ offset_ms: this.#clock.wallOffsetMs() });
      this.#bus.publish(this.#topic, text, { retain: true }).catch(() => {});
    });
  }
}
