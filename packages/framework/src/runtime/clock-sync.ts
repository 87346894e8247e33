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
  /** What came from the bus goes back to nobody: two who tell each other never come to an end. */
  #isFollowing = false;
  #isTold = true;

  constructor(clock: Clock, bus: Bus, topics: Topics) {
    this.#clock = clock;
    this.#bus = bus;
    this.#topic = `${topics.own}clock`;
  }

  async start(): Promise<void> {
    await this.#bus.subscribe([this.#topic], ({ payload }) => this.#follow(payload));
    this.#clock.onWallJump(() => {
      if (!this.#isFollowing) void this.#tell();
    });
    this.#bus.onConnection((connected) => {
      if (connected && !this.#isTold) void this.#tell();
    });
  }

  #follow(payload: string): void {
    const offsetMs = offsetOf(payload);
    if (offsetMs === undefined) return;
    this.#isFollowing = true;
    try {
      this.#clock.setWallOffset(offsetMs);
    } finally {
      this.#isFollowing = false;
    }
  }

  async #tell(): Promise<void> {
    this.#isTold = false;
    try {
      await this.#bus.publish(this.#topic, JSON.stringify({ offset_ms: this.#clock.wallOffsetMs() }), { retain: true });
      this.#isTold = true;
    } catch {
      // The broker is away: once it is back.
    }
  }
}

/** @returns undefined where it is none: the topic was cleared, or somebody else has written to it */
function offsetOf(payload: string): number | undefined {
  try {
    const { offset_ms } = JSON.parse(payload) as { offset_ms?: unknown };
    return typeof offset_ms === 'number' && Number.isFinite(offset_ms) ? offset_ms : undefined;
  } catch {
    return undefined;
  }
}
