import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { messageOf } from '@chargemesh/base';
import type { Aedes, AedesOptions } from 'aedes';
import { BusError } from './bus-error.ts';
import { publishInOrder } from './publish-in-order.ts';

/**
 * The broker inside the manager's process (aedes, MQTT 3.1.1). Modules of the same process reach it through memory, everybody else by
 * the TCP port.
 */
export class EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(aedes: Aedes) {
    this.#aedes = aedes;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
  }

  /**
   * Starts it on a port of the loopback interface.
   * @throws BusError `BUS_UNREACHABLE` where the port is taken
   */
  static async start(options: { host?: string; port?: number } = {}): Promise<EmbeddedBroker> {
    // Unlimited: a burst over aedes' default of 1000 drops the connection and makes subscribers see some messages twice.
    const limits: AedesOptions & { maxInflightInbound: number } = { maxInflightInbound: 0 };
    // Imported here: a module in a process of its own never needs a broker.
    const { Aedes: Broker } = await import('aedes');
    const aedes = await Broker.createBroker(limits);
    publishInOrder(aedes);
    const broker = new EmbeddedBroker(aedes);
    const { host = '127.0.0.1', port = 0 } = options;
    try {
      await new Promise<void>((resolve, reject) => {
        broker.#server.once('error', reject);
        broker.#server.listen(port, host, resolve);
      });
    } catch (error) {
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve());
      });
      throw new BusError('BUS_UNREACHABLE', `the broker cannot listen on ${host}:${port}: ${messageOf(error)}`);
    }
    return broker;
  }

  /** The TCP port that it listens on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** A connection through memory, to be given to an MQTT client as its stream. */
  openStream(): Duplex {
    const [near, far] = duplexPair();
    // The broker destroys its end; unlike a socket's, the other end of a pair would stay half open.
    far.once('close', () => near.destroy());
    near.once('close', () => far.destroy());
    this.#aedes.handle(far);
    return near;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#aedes.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
