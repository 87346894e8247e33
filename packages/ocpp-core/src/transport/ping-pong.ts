import type { Clock, Timer } from '@chargemesh/base';

/** The configuration keys WebSocketPingInterval, WebsocketPingPayload and WebsocketPongTimeout. */
export interface PingRule {
  /** 0: no pings. */
  readonly intervalS: number;
  readonly payload: string;
  readonly pongTimeoutS: number;
}

/** What {@link PingPong} stands on. */
export interface PingPongParts {
  readonly clock: Clock;
  readonly rule: () => PingRule;
  readonly ping: (payload: string) => void;
  /** A ping was not answered in time. */
  readonly lost: () => void;
}

/** Sends pings over one connection and notices when their pongs stay away (F-24). */
export class PingPong {
  readonly #parts: PingPongParts;
  #next: Timer | undefined;
  #deadline: Timer | undefined;

  constructor(parts: PingPongParts) {
    this.#parts = parts;
  }

  /** Begins, or begins anew with a changed rule. */
  start(): void {
    this.stop();
    this.#schedule();
  }

  ponged(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  stop(): void {
    this.#next?.cancel();
    this.ponged();
  }

  #schedule(): void {
    const { clock, rule, ping, lost } = this.#parts;
    const { intervalS, payload, pongTimeoutS } = rule();
    if (intervalS <= 0) return;
    this.#next = clock.setTimer(intervalS * 1000, () => {
      if (!this.#deadline) {
        ping(payload);
        this.#deadline = clock.setTimer(pongTimeoutS * 1000, lost);
      }
      this.#schedule();
    });
  }
}
