import { connect as connectSocket } from 'node:net';
import type { Clock, Logger, Random } from '@chargemesh/base';
import {
  type Bus,
  EmbeddedBroker,
  type MemoryBroker,
  MqttBus,
  type MqttBusOptions,
  tcpStream,
} from '@chargemesh/framework';

/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** Which broker a mesh uses: its own, or one that is there already; in virtual time one without sockets. */
export type BrokerChoice =
  | { readonly kind: 'embedded'; readonly port?: number }
  | ({ readonly kind: 'outside' } & BrokerAddress)
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'memory'; readonly broker: MemoryBroker };

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** The way to the broker of a mesh, and the broker itself where it is ours. */
export class BrokerLink {
  readonly kind: BrokerChoice['kind'];
  /** Where others reach it. */
  readonly address: BrokerAddress;
  readonly #choice: BrokerChoice;
  readonly #embedded: EmbeddedBroker | undefined;
  readonly #ports: Ports;

  private constructor(choice: BrokerChoice, embedded: EmbeddedBroker | undefined, ports: Ports) {
    this.kind = choice.kind;
    this.#choice = choice;
    this.#embedded = embedded;
    this.#ports = ports;
    this.address = addressOf(choice, embedded?.port ?? 0);
  }

  /** @throws BusError `BUS_UNREACHABLE` where the port of our own broker is taken */
  static async open(choice: BrokerChoice, ports: Ports): Promise<BrokerLink> {
    const embedded =
      choice.kind === 'embedded'
        ? await EmbeddedBroker.start(choice.port === undefined ? {} : { port: choice.port })
        : undefined;
    return new BrokerLink(choice, embedded, ports);
  }

  /**
   * A fresh connection.
   * @param options.redialMs see {@link MqttBusOptions}
   * @throws BusError where the broker does not answer
   */
  async connect({ will, ...options }: Pick<MqttBusOptions, 'will' | 'redialMs'> = {}): Promise<Bus> {
    const choice = this.#choice;
    const embedded = this.#embedded;
    if (choice.kind === 'memory') return choice.broker.connect(will && { will });
    const open = (): ReturnType<typeof tcpStream> => {
      if (embedded) return embedded.openStream();
      if (choice.kind === 'socket') return connectSocket(choice.path);
      return tcpStream(this.address.host, this.address.port);
    };
    return await MqttBus.connect({
      ...this.#ports,
      ...options,
      open,
      broker: choice.kind === 'socket' ? choice.path : `${this.address.host}:${this.address.port}`,
      version: embedded ? '3.1.1' : 'auto',
      ...(will && { will }),
    });
  }

  async close(): Promise<void> {
    await this.#embedded?.close();
  }
}

function addressOf(choice: BrokerChoice, port: number): BrokerAddress {
  switch (choice.kind) {
    case 'outside':
      return { host: choice.host, port: choice.port };
    case 'embedded':
      return { host: '127.0.0.1', port };
    case 'socket':
      return { host: choice.path, port };
    case 'memory':
      return { host: 'memory', port };
  }
}
