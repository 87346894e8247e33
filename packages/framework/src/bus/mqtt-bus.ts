import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, type Logger, messageOf, type Random, within } from '@chargemesh/base';
import { type IClientOptions, MqttClient } from 'mqtt';
import type { Bus, BusListener, BusSubscription, LastWill, PublishOptions } from './bus.ts';
import { BusError } from './bus-error.ts';
import './packet-memory.ts';
import { PublishWindow } from './publish-window.ts';
import { SubscriptionTable } from './subscription-table.ts';

/** More publishes under way than this, and some brokers drop them silently. */
const PUBLISHES_IN_FLIGHT = 20;
/** Topics in one SUBSCRIBE packet: few packets are quick, one endless packet is not taken by every broker. */
const FILTERS_A_PACKET = 100;
const REDIAL_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_S = 20;
const CLOSE_WITHIN_MS = 1_000;
/** CONNACK codes of 3.1.1 and 5 that say: not in this version of the protocol. */
const WRONG_VERSION = new Set([1, 132]);

/** How to reach a broker and as whom. */
export interface MqttBusOptions {
  /** Opens a fresh stream to the broker. */
  readonly open: () => Duplex;
  /** How the broker is called in messages, such as `127.0.0.1:1883`. */
  readonly broker: string;
  /** `auto` tries MQTT 5 and falls back to 3.1.1. */
  readonly version: 'auto' | '3.1.1';
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly will?: LastWill;
  /** How long after the broker was lost, or not found, it is dialled again. Default 500 ms. */
  readonly redialMs?: number;
  readonly username?: string;
  readonly password?: string;
}

/** Opens a TCP stream without Nagle's delay: with it one QoS 2 exchange takes 44 ms. */
export function tcpStream(host: string, port: number): Duplex {
  return connect({ host, port, noDelay: true });
}

/** A {@link Bus} over MQTT. One mqtt.js client a connection, redialled here: the client's own redial would send old publishes again. */
export class MqttBus implements Bus {
  readonly #options: MqttBusOptions;
  readonly #table = new SubscriptionTable();
  readonly #qos = new Map<string, 0 | 2>();
  readonly #window = new PublishWindow(PUBLISHES_IN_FLIGHT);
  readonly #listeners = new Set<(connected: boolean) => void>();
  readonly #pending = new Set<(error: BusError) => void>();
  #version: 4 | 5;
  #client: MqttClient | undefined;
  #closed = false;

  private constructor(options: MqttBusOptions) {
    this.#options = options;
    this.#version = options.version === 'auto' ? 5 : 4;
  }

  /**
   * Connects, and stays connected until it is closed.
   * @throws BusError `BUS_UNREACHABLE` or `BUS_REFUSED` where the first attempt fails
   */
  static async connect(options: MqttBusOptions): Promise<MqttBus> {
    const bus = new MqttBus(options);
    await bus.#dial();
    return bus;
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  /** The version of the protocol that this broker and we settled on. */
  get protocol(): '3.1.1' | '5' {
    return this.#version === 5 ? '5' : '3.1.1';
  }

  publish(topic: string, payload: string, options: PublishOptions = {}): Promise<void> {
    return this.#window.run(() => this.#send(topic, payload, options));
  }

  async subscribe(
    filters: readonly string[],
    listener: BusListener,
    options: { qos?: 0 | 2 } = {},
  ): Promise<BusSubscription> {
    const own: BusListener = (message) => listener(message);
    const fresh = this.#table.add(filters, own);
    for (const filter of fresh) this.#qos.set(filter, options.qos ?? 2);
    if (this.#client) await this.#subscribe(this.#client, fresh);
    return {
      close: async () => {
        const idle = this.#table.remove(filters, own);
        for (const filter of idle) this.#qos.delete(filter);
        if (idle.length > 0) await this.#client?.unsubscribeAsync(idle);
      },
    };
  }

  onConnection(listener: (connected: boolean) => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const client = this.#client;
    // What is on its way is confirmed first, unless the broker is past confirming anything.
    const ended = within(this.#options.clock, CLOSE_WITHIN_MS, Promise.resolve(client?.endAsync()));
    if ((await ended) === 'late') await client?.endAsync(true).catch(() => {});
    this.#client = undefined;
    this.#failPending(new BusError('BUS_CLOSED', 'the connection to the broker was closed'));
  }

  #send(topic: string, payload: string, { qos = 2, retain = false }: PublishOptions): Promise<void> {
    const client = this.#client;
    if (!client || this.#closed)
      return Promise.reject(
        new BusError(
          'BUS_DISCONNECTED',
          `no connection to the broker at ${this.#options.broker}: ${topic} was not sent`,
        ),
      );
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#pending.delete(fail);
        reject(error);
      };
      this.#pending.add(fail);
      client.publish(topic, payload, { qos, retain }, (error) => {
        this.#pending.delete(fail);
        if (error) reject(new BusError('BUS_DISCONNECTED', `${topic} was not confirmed: ${error.message}`));
        else resolve();
      });
    });
  }

  async #subscribe(client: MqttClient, filters: readonly string[]): Promise<void> {
    for (let at = 0; at < filters.length; at += FILTERS_A_PACKET) {
      const packet = Object.fromEntries(
        filters.slice(at, at + FILTERS_A_PACKET).map((filter) => [filter, { qos: this.#qos.get(filter) ?? 2 }]),
      );
      await client.subscribeAsync(packet);
    }
  }

  async #dial(): Promise<void> {
    try {
      await this.#attempt();
    } catch (error) {
      if (!(error instanceof VersionRefused) || this.#version === 4) throw error;
      this.#version = 4;
      await this.#attempt();
    }
  }

  async #attempt(): Promise<void> {
    const client = new MqttClient(() => this.#options.open(), this.#clientOptions());
    await this.#handshake(client);
    if (this.#closed) {
      await client.endAsync(true);
      return;
    }
    client.on('message', (topic, payload, packet) =>
      this.#table.deliver({ topic, payload: payload.toString(), retained: packet.retain }),
    );
    client.once('close', () => this.#lost(client));
    client.on('error', (error) => {
      // What is still written to a stream that was ended is of no interest any more.
      if (!this.#closed) this.#options.log.warn(`broker ${this.#options.broker}: ${error.message}`);
    });
    await this.#subscribe(client, this.#table.filters());
    this.#client = client;
    for (const listener of this.#listeners) listener(true);
  }

  /** mqtt.js listens to its own events too: only listeners of ours may be taken off. */
  #handshake(client: MqttClient): Promise<void> {
    const { broker } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        client.off('connect', onConnect);
        client.off('error', onError);
        client.off('close', onClose);
      };
      const fail = (error: Error): void => {
        settle();
        client.on('error', () => {});
        client.end(true);
        reject(error);
      };
      const onConnect = (): void => {
        settle();
        resolve();
      };
      const onError = (error: Error): void => fail(refusal(error, broker));
      const onClose = (): void =>
        fail(new BusError('BUS_UNREACHABLE', `the broker at ${broker} closed the connection`));
      client.on('connect', onConnect);
      client.on('error', onError);
      client.on('close', onClose);
    });
  }

  #clientOptions(): IClientOptions {
    const { will, username, password, random } = this.#options;
    return {
      protocolVersion: this.#version,
      clientId: `chargemesh-${random.uuid().slice(0, 13)}`,
      clean: true,
      keepalive: KEEP_ALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 2, retain: will.retain } }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    };
  }

  #lost(client: MqttClient): void {
    client.end(true);
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#failPending(
      new BusError('BUS_DISCONNECTED', `the connection to the broker at ${this.#options.broker} broke`),
    );
    if (this.#closed) return;
    for (const listener of this.#listeners) listener(false);
    this.#redial();
  }

  #redial(): void {
    const { clock, redialMs = REDIAL_MS } = this.#options;
    clock.setTimer(redialMs, () => {
      if (this.#closed) return;
      this.#dial().catch((error) => {
        this.#options.log.debug(`broker ${this.#options.broker} is still away: ${messageOf(error)}`);
        this.#redial();
      });
    });
  }

  #failPending(error: BusError): void {
    for (const fail of [...this.#pending]) fail(error);
    this.#window.fail(error);
  }
}

class VersionRefused extends BusError {}

function refusal(error: Error, broker: string): BusError {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'number') {
    const text = `the broker at ${broker} refused the connection: ${error.message}`;
    return WRONG_VERSION.has(code) ? new VersionRefused('BUS_REFUSED', text) : new BusError('BUS_REFUSED', text);
  }
  return new BusError('BUS_UNREACHABLE', `no broker answers at ${broker}: ${error.message || String(code)}`);
}
