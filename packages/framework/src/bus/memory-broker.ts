import type { Bus, BusListener, BusMessage, BusSubscription, LastWill, PublishOptions } from './bus.ts';
import { BusError } from './bus-error.ts';
import { SubscriptionTable } from './subscription-table.ts';
import { matchesFilter } from './topic-filter.ts';

/** A mesh has some hundred topics; one that makes up new ones must not fill the memory. */
const REMEMBERED_ROUTES = 5_000;

interface Delivery {
  readonly client: MemoryBus;
  readonly message: BusMessage;
  readonly only?: BusListener;
}

/**
 * A broker without sockets for runs in virtual time: one queue for the whole mesh, drained one message at a time, so that the order
 * of everything is the same in each run.
 */
export class MemoryBroker {
  readonly #clients = new Set<MemoryBus>();
  readonly #retained = new Map<string, string>();
  /** Who wants a topic, as long as nobody subscribes, comes or goes. */
  readonly #routes = new Map<string, readonly MemoryBus[]>();
  #queue: Delivery[] = [];
  #draining = false;
  #running = true;

  get running(): boolean {
    return this.#running;
  }

  /** What its clients hold: one that is never given back shows here. */
  get census(): { readonly clients: number; readonly subscriptions: number; readonly retained: number } {
    const subscriptions = [...this.#clients].reduce((sum, client) => sum + client.subscriptions, 0);
    return { clients: this.#clients.size, subscriptions, retained: this.#retained.size };
  }

  /** @throws BusError `BUS_UNREACHABLE` while the broker is down */
  connect(options?: { will?: LastWill }): Bus & { drop(): void } {
    if (!this.#running) throw new BusError('BUS_UNREACHABLE', 'the broker is down');
    const client = new MemoryBus(this, options?.will);
    this.#clients.add(client);
    this.reroute();
    return client;
  }

  /** Dies as a killed broker does: what was under way and what it kept is lost, and no last will is heard. */
  crash(): void {
    this.#running = false;
    this.#queue = [];
    this.#retained.clear();
    for (const client of this.#clients) client.lose();
  }

  /** Is there again. Its clients are connected again, with their subscriptions. */
  recover(): void {
    this.#running = true;
    for (const client of this.#clients) client.regain();
  }

  /** @internal */
  publish(topic: string, payload: string, retain: boolean): void {
    if (retain) {
      if (payload === '') this.#retained.delete(topic);
      else this.#retained.set(topic, payload);
    }
    const message: BusMessage = { topic, payload, retained: false };
    for (const client of this.#routeOf(topic)) this.#queue.push({ client, message });
    this.#drain();
  }

  /** @internal Somebody wants other topics than before. */
  reroute(): void {
    this.#routes.clear();
  }

  /** @internal Queues what is kept for these filters, for one listener alone. */
  replay(client: MemoryBus, filters: readonly string[], listener: BusListener): void {
    for (const [topic, payload] of this.#retained) {
      if (filters.some((filter) => matchesFilter(filter, topic)))
        this.#queue.push({ client, message: { topic, payload, retained: true }, only: listener });
    }
    this.#drain();
  }

  /** @internal */
  forget(client: MemoryBus, will: LastWill | undefined): void {
    const wasKnown = this.#clients.delete(client);
    this.reroute();
    if (wasKnown && will) this.publish(will.topic, will.payload, will.retain);
  }

  #routeOf(topic: string): readonly MemoryBus[] {
    let route = this.#routes.get(topic);
    if (!route) {
      if (this.#routes.size >= REMEMBERED_ROUTES) this.#routes.clear();
      route = [...this.#clients].filter((client) => client.wants(topic));
      this.#routes.set(topic, route);
    }
    return route;
  }

  #drain(): void {
    if (this.#draining || this.#queue.length === 0) return;
    this.#draining = true;
    queueMicrotask(() => {
      this.#draining = false;
      const next = this.#queue.shift();
      if (next) next.client.take(next.message, next.only);
      this.#drain();
    });
  }
}

/** @internal A connection to a {@link MemoryBroker}. */
class MemoryBus implements Bus {
  readonly #broker: MemoryBroker;
  readonly #will: LastWill | undefined;
  readonly #table = new SubscriptionTable();
  readonly #listeners = new Set<(connected: boolean) => void>();
  #state: 'connected' | 'lost' | 'closed' = 'connected';

  constructor(broker: MemoryBroker, will: LastWill | undefined) {
    this.#broker = broker;
    this.#will = will;
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  get subscriptions(): number {
    return this.#table.listeners;
  }

  async publish(topic: string, payload: string, options: PublishOptions = {}): Promise<void> {
    if (this.#state === 'closed')
      throw new BusError('BUS_CLOSED', `cannot publish on ${topic}: the connection is closed`);
    if (this.#state === 'lost')
      throw new BusError('BUS_DISCONNECTED', `cannot publish on ${topic}: there is no connection to the broker`);
    this.#broker.publish(topic, payload, options.retain ?? false);
  }

  async subscribe(filters: readonly string[], listener: BusListener): Promise<BusSubscription> {
    const own: BusListener = (message) => listener(message);
    this.#table.add(filters, own);
    this.#broker.reroute();
    this.#broker.replay(this, filters, own);
    return {
      close: async () => {
        this.#table.remove(filters, own);
        this.#broker.reroute();
      },
    };
  }

  onConnection(listener: (connected: boolean) => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#end(undefined);
  }

  /** Vanishes without good-bye, as a killed process does. */
  drop(): void {
    this.#end(this.#will);
  }

  wants(topic: string): boolean {
    return this.#table.wants(topic);
  }

  take(message: BusMessage, only: BusListener | undefined): void {
    if (this.#state !== 'connected') return;
    if (only) only(message);
    else this.#table.deliver(message);
  }

  lose(): void {
    this.#state = 'lost';
    for (const listener of this.#listeners) listener(false);
  }

  regain(): void {
    this.#state = 'connected';
    for (const listener of this.#listeners) listener(true);
  }

  #end(will: LastWill | undefined): void {
    if (this.#state === 'closed') return;
    const wasConnected = this.#state === 'connected';
    this.#state = 'closed';
    this.#broker.forget(this, will);
    if (wasConnected) for (const listener of this.#listeners) listener(false);
  }
}
