import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { type Clock, messageOf, type Timer } from '@chargemesh/base';
import { type ClientOptions, WebSocket } from 'ws';
import { localAddress, type NetworkInterfaces } from './local-address.ts';
import { proxyFromEnvironment } from './proxy-from-environment.ts';
import type { Transport, TransportClosed, TransportFactory, TransportListener, TransportOptions } from './transport.ts';

/** The only protocol that is offered and taken. A CSMS that picks none is refused. */
export const SUB_PROTOCOL = 'ocpp1.6';

/** The largest message that is taken, joined from its fragments and inflated: far above any OCPP message, far below a charger's memory. */
export const MAX_PAYLOAD_BYTES: number = 16 * 1024 * 1024;

/** As much as a ping can carry. @see RFC 6455, 5.5 */
const PING_BYTES = 125;

/** So long the network may take nothing of what is to be sent, then the connection counts as broken (F-26). */
const WRITE_TIMEOUT_MS = 10_000;

/**
 * Compression is offered, and used for what is long enough to gain by it. Without contexts that outlive a message, so that an idle
 * connection holds no memory for it. @see RFC 7692
 */
const COMPRESSION: ClientOptions['perMessageDeflate'] = {
  clientNoContextTakeover: true,
  serverNoContextTakeover: true,
  threshold: 1024,
};

/** Both families, whatever the machine's hosts file says of the name. */
const localhost: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Every address of a host is tried, each for so long: localhost may be ::1 first and refused there. ws hands these to net.connect. */
const EVERY_ADDRESS = {
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 5_000,
  lookup: ((name, options, found) => {
    if (name === 'localhost' && options.all) found(null, [...localhost]);
    else lookup(name, options, found);
  }) satisfies LookupFunction,
};

/** What {@link WebsocketTransport} stands on. */
export interface WebsocketTransportParts {
  readonly clock: Clock;
  /** The proxy on the way to an address, undefined where there is none. Without this the environment says. May throw. */
  readonly proxyFor?: (url: string) => string | undefined;
  /** The network interfaces of this machine. Without this the operating system says. */
  readonly interfaces?: NetworkInterfaces;
}

/** {@link TransportFactory} over the network, by the package ws, through a proxy where the environment names one. */
export class WebsocketTransport implements TransportFactory {
  readonly #clock: Clock;
  readonly #proxyFor: (url: string) => string | undefined;
  readonly #interfaces: NetworkInterfaces;

  constructor({ clock, proxyFor = proxyFromEnvironment, interfaces = networkInterfaces }: WebsocketTransportParts) {
    this.#clock = clock;
    this.#proxyFor = proxyFor;
    this.#interfaces = interfaces;
  }

  open(options: TransportOptions, listener: TransportListener): Transport {
    try {
      const proxy = this.#proxyFor(options.url);
      return proxy === undefined
        ? this.#dial(options, undefined, listener)
        : this.#dialThrough(proxy, options, listener);
    } catch (thrown) {
      // The listener hears of it after this function has returned, as of any other failure.
      queueMicrotask(() => listener.closed({ reason: messageOf(thrown) }));
      return { send: () => {}, ping: () => {}, close: () => {}, terminate: () => {} };
    }
  }

  #dial(options: TransportOptions, agent: ClientOptions['agent'], listener: TransportListener): Transport {
    const socket = new WebSocket(options.url, SUB_PROTOCOL, {
      ...clientOptions(options),
      ...this.#outBy(options, options.url),
      ...(agent ? { agent } : {}),
    });
    return connect(socket, this.#clock, listener);
  }

  /** Where a connection to an address begins, if that matters. @throws RangeError */
  #outBy({ networkInterface }: TransportOptions, url: string): { localAddress?: string } {
    if (networkInterface === undefined) return {};
    return { localAddress: localAddress(networkInterface, new URL(url).hostname, this.#interfaces) };
  }

  #dialThrough(proxy: string, options: TransportOptions, listener: TransportListener): Transport {
    let dialled: Transport | undefined;
    let givenUp: string | undefined;
    // A proxy that never answers would keep the connection to it open for ever, though nobody waits for it any more.
    const abandon = new AbortController();
    const closed: TransportListener['closed'] = (why) => {
      abandon.abort();
      listener.closed(why);
    };
    const begin = async (): Promise<void> => {
      const { ProxyTunnel } = await import('./proxy-tunnel.ts');
      if (givenUp !== undefined) closed({ reason: givenUp });
      else {
        const { signal } = abandon;
        const agent = new ProxyTunnel(proxy, { ...EVERY_ADDRESS, ...this.#outBy(options, proxy), signal });
        dialled = this.#dial(options, agent, {
          opened: (subProtocol) => listener.opened(subProtocol),
          received: (text) => listener.received(text),
          ponged: () => listener.ponged(),
          closed,
        });
      }
    };
    begin().catch((thrown: unknown) => closed({ reason: messageOf(thrown) }));
    return {
      send: (text) => dialled?.send(text),
      ping: (payload) => dialled?.ping(payload),
      close: (code, reason) => {
        givenUp = reason;
        dialled?.close(code, reason);
      },
      terminate: () => {
        givenUp = 'given up';
        dialled?.terminate();
      },
    };
  }
}

function connect(socket: WebSocket, clock: Clock, listener: TransportListener): Transport {
  let trouble: Omit<TransportClosed, 'code'> | undefined;
  const writes = new WriteWatch(clock, () => {
    trouble ??= { reason: `nothing could be sent for ${WRITE_TIMEOUT_MS / 1000} s` };
    socket.terminate();
  });
  let together: () => void = () => {};
  socket.on('upgrade', (response) => {
    together = sentTogether(response.socket);
  });
  socket.on('open', () => listener.opened(socket.protocol));
  socket.on('message', (data, isBinary) => {
    if (!isBinary) listener.received(data.toString());
  });
  socket.on('pong', () => listener.ponged());
  socket.on('unexpected-response', (request, response) => {
    const httpStatus = response.statusCode ?? 0;
    trouble = { reason: `the CSMS answered the upgrade with HTTP ${httpStatus}`, httpStatus };
    request.destroy();
    socket.terminate();
  });
  socket.on('error', (error: Error & { code?: string }) => {
    const tlsError = isTlsError(error.code) ? error.code : undefined;
    trouble ??= { reason: reasonOf(error), ...(tlsError === undefined ? {} : { tlsError }) };
  });
  socket.on('close', (code, reason) => {
    writes.stop();
    // 1006: not a code that was sent, the connection broke.
    if (code === 1006) listener.closed(trouble ?? { reason: 'the connection broke' });
    else listener.closed({ code, reason: reason.toString() || 'closed' });
  });
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      writes.begun();
      // As bytes ws joins it with its header and writes once; a text it would write in two parts.
      socket.send(Buffer.from(text), { binary: false }, (error) => {
        writes.done();
        if (error) socket.terminate();
      });
      together();
    },
    ping: (payload) => {
      if (socket.readyState === WebSocket.OPEN) socket.ping(Buffer.from(payload).subarray(0, PING_BYTES));
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}

/**
 * @returns what is called after a write, so that all further ones of the same moment become one: most of the work of an answer is its way
 * into the kernel
 */
function sentTogether(stream: Duplex): () => void {
  let isOpen = true;
  return () => {
    if (!isOpen) return;
    isOpen = false;
    stream.cork();
    process.nextTick(() => {
      isOpen = true;
      stream.uncork();
    });
  };
}

/** Notices that what is to be sent does not get away. Its timer is let run while all is well: to set one for each text would cost more. */
class WriteWatch {
  readonly #clock: Clock;
  readonly #stuck: () => void;
  #under = 0;
  /** When the network took something last, or had nothing to take. */
  #movedMs = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, stuck: () => void) {
    this.#clock = clock;
    this.#stuck = stuck;
  }

  /** A text is handed to the network. */
  begun(): void {
    if (this.#under++ === 0) this.#movedMs = this.#clock.monotonicMs();
    this.#timer ??= this.#clock.setTimer(WRITE_TIMEOUT_MS, () => this.#look());
  }

  /** The network has taken one: the others have their time anew. */
  done(): void {
    this.#under--;
    if (this.#under > 0) this.#movedMs = this.#clock.monotonicMs();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#under === 0) return;
    const leftMs = this.#movedMs + WRITE_TIMEOUT_MS - this.#clock.monotonicMs();
    if (leftMs <= 0) this.#stuck();
    else this.#timer = this.#clock.setTimer(leftMs, () => this.#look());
  }
}

/** For VerifyCsmsCommonName false: the chain is checked, the name is not. */
const ANY_HOST_NAME: Pick<ClientOptions, 'checkServerIdentity'> = { checkServerIdentity: () => false };

function clientOptions({ headers, basicAuth, tls }: TransportOptions): ClientOptions {
  return {
    headers: { ...headers, ...(basicAuth ? { authorization: basic(basicAuth) } : {}) },
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: COMPRESSION,
    followRedirects: false,
    ...EVERY_ADDRESS,
    ...(tls
      ? {
          minVersion: 'TLSv1.2' as const,
          ...(tls.ca ? { ca: [...tls.ca] } : {}),
          ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
          ...(tls.privateKey === undefined ? {} : { key: tls.privateKey }),
          ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
          ...(tls.verifyHostName ? {} : ANY_HOST_NAME),
        }
      : {}),
  };
}

/** @see RFC 7617 */
function basic({ user, password }: NonNullable<TransportOptions['basicAuth']>): string {
  const secret = typeof password === 'string' ? Buffer.from(password) : Buffer.from(password);
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), secret]).toString('base64')}`;
}

/** Several addresses that were all refused come as one error without a text of its own. */
function reasonOf(error: Error & { code?: string }): string {
  return error.message || error.code || 'the connection could not be opened';
}

function isTlsError(code: string | undefined): boolean {
  return (
    code !== undefined &&
    /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/.test(code)
  );
}
