/** A message as it came from the bus. */
export interface BusMessage {
  readonly topic: string;
  /** UTF-8 text. Empty means that a retained topic was cleared. */
  readonly payload: string;
  /** True where the broker had kept it from before the subscription. */
  readonly retained: boolean;
}

/** How a message is to be sent. Default: QoS 2, not retained, which is what the mesh speaks. */
export interface PublishOptions {
  readonly qos?: 0 | 2;
  readonly retain?: boolean;
}

/** A subscription that stands until it is closed, over any number of reconnects. */
export interface BusSubscription {
  close(): Promise<void>;
}

/** Hears of messages, in the order in which the broker delivered them. */
export type BusListener = (message: BusMessage) => void;

/**
 * One connection to the message bus. The same code runs on memory, on the embedded broker by a stream, and on MQTT over TCP.
 *
 * While the connection is down, {@link publish} fails at once: nothing stale is kept and sent later. Subscriptions are taken up again by
 * themselves.
 */
export interface Bus {
  readonly connected: boolean;
  /**
   * Resolves when the broker has taken the message (QoS 2: exactly once).
   * @throws BusError `BUS_DISCONNECTED` where there is no connection, or it broke before the broker confirmed
   */
  publish(topic: string, payload: string, options?: PublishOptions): Promise<void>;
  /** Resolves when the broker has confirmed; what it keeps for these filters may be delivered before that. */
  subscribe(filters: readonly string[], listener: BusListener, options?: { qos?: 0 | 2 }): Promise<BusSubscription>;
  /** Hears when the connection is lost and when it is back, subscriptions included. */
  onConnection(listener: (connected: boolean) => void): void;
  /** Says good-bye: no last will is sent. */
  close(): Promise<void>;
}

/** What the broker publishes for a client that vanishes without good-bye. */
export interface LastWill {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}
