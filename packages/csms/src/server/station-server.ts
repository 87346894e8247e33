import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LinkEvents, StationLink } from '../stations/link.ts';
import { mayEnter, type Passwords } from './passwords.ts';

const PROTOCOL = 'ocpp1.6';

/** What a {@link StationServer} needs. */
export interface StationServerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly host: string;
  readonly port: number;
  readonly passwords?: Passwords;
  /** Key, certificate and so on for wss. */
  readonly tls?: TlsOptions;
  readonly onStation: (id: string, link: StationLink, path: string) => LinkEvents;
}

/** The websocket side of the CSMS: takes any path, whose last segment is the station, and hands the connections on. */
export class StationServer {
  readonly #options: StationServerOptions;
  readonly #sockets: WebSocketServer = new WebSocketServer({
    noServer: true,
    handleProtocols: () => PROTOCOL,
    // A station that can compress may: what a CSMS of the field does, this one has to show.
    perMessageDeflate: { clientNoContextTakeover: true, serverNoContextTakeover: true, threshold: 1024 },
  });
  readonly #http: Server;
  readonly #open = new Set<Duplex>();
  /** Answers 503 to whoever wants to connect. */
  refusing = false;
  /** Lets whoever wants to connect wait. */
  upgradeDelayMs = 0;

  constructor(options: StationServerOptions) {
    this.#options = options;
    this.#http = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    this.#http.on('request', (_request, response) => {
      response
        .writeHead(426, { 'content-type': 'text/plain' })
        .end(`A websocket with the sub-protocol ${PROTOCOL} is wanted.\n`);
    });
    this.#http.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
    this.#http.on('tlsClientError', (error) => options.log.warn(`a TLS handshake failed: ${error.message}`));
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @returns the port, which the system chose if 0 was asked for */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(this.#options.port, this.#options.host, () => {
        this.#http.off('error', reject);
        this.#http.on('error', (error) => this.#options.log.error(`the server failed: ${error.message}`));
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  /** Cuts all connections and frees the port. */
  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => this.#options.log.debug(`a connection broke: ${messageOf(error)}`));
    if (this.upgradeDelayMs > 0)
      this.#options.clock.setTimer(this.upgradeDelayMs, () => this.#admit(request, socket, head));
    else this.#admit(request, socket, head);
  }

  #admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (socket.destroyed) return;
    const { log, passwords } = this.#options;
    const path = request.url ?? '/';
    const station = stationOf(path);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const refuse = (status: string, reason: string, headers = ''): void => {
      log.warn(`refused ${path}: ${reason}`, { path, status });
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n${headers}\r\n${reason}\n`);
    };
    if (this.refusing) refuse('503 Service Unavailable', 'the CSMS refuses connections, as it was told to');
    else if (station === undefined) refuse('404 Not Found', 'the path names no station: its last segment is the id');
    else if (!offered.includes(PROTOCOL))
      refuse(
        '400 Bad Request',
        `the station has to offer the sub-protocol ${PROTOCOL}, it offers ${offered.join(', ') || 'none'}`,
      );
    else if (!mayEnter(passwords, station, request.headers.authorization))
      refuse(
        '401 Unauthorized',
        `the password of ${station} is wrong or missing`,
        'WWW-Authenticate: Basic realm="CSMS"\r\n',
      );
    else this.#sockets.handleUpgrade(request, socket, head, (socket) => this.#connect(station, path, socket));
  }

  #connect(station: string, path: string, socket: WebSocket): void {
    const link: StationLink = {
      send: (text) => socket.send(text, () => {}),
      close: (how) => (how === 'clean' ? socket.close(1001, 'going away') : socket.terminate()),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    };
    const events = this.#options.onStation(station, link, path);
    socket.on('message', (data) => events.received(String(data)));
    socket.on('close', () => events.closed());
    socket.on('error', (error) =>
      this.#options.log.warn(`the connection of ${station} failed: ${error.message}`, { station }),
    );
  }
}

/** The last segment of a path, percent-decoded; undefined where there is none. */
function stationOf(path: string): string | undefined {
  const segment = path
    .split(/[?#]/)[0]
    ?.split('/')
    .findLast((part) => part !== '');
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
