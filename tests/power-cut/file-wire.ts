import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@chargemesh/base';

/**
 * A wire made of files, for a machine that has no network but shares a folder. Each connection has a folder of its own there, and in it
 * a file for each direction that only grows; an empty file beside it says that its writer hung up.
 */
type Direction = 'up' | 'down';

const POLL_MS = 50;
const CHUNK = 65_536;

/** The end where connections begin: listens on a port of 127.0.0.1. `name` tells this end's connections from those of an earlier one. */
export function listenOnWire(clock: Clock, folder: string, { port, name }: { port: number; name: string }): void {
  let count = 0;
  createServer((socket) => {
    const line = join(folder, `${name}-${++count}`);
    mkdirSync(line, { recursive: true });
    patch(clock, line, socket, { write: 'up', read: 'down' });
  }).listen(port, '127.0.0.1');
}

/** The end where connections lead to a port of 127.0.0.1. What the other end left open when it lost its power stays open here. */
export class WireExit {
  readonly #clock: Clock;
  readonly #folder: string;
  readonly #port: number;
  readonly #sockets = new Map<string, Socket>();
  #open = true;

  constructor(clock: Clock, folder: string, port: number) {
    this.#clock = clock;
    this.#folder = folder;
    this.#port = port;
    mkdirSync(folder, { recursive: true });
    void this.#watch();
  }

  async close(): Promise<void> {
    this.#open = false;
    for (const socket of this.#sockets.values()) {
      if (socket.closed) continue;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    }
  }

  async #watch(): Promise<void> {
    while (this.#open) {
      for (const line of readdirSync(this.#folder)) if (!this.#sockets.has(line)) this.#connect(line);
      await this.#clock.sleep(POLL_MS);
    }
  }

  #connect(line: string): void {
    const socket = createConnection({ port: this.#port, host: '127.0.0.1' });
    this.#sockets.set(line, socket);
    patch(this.#clock, join(this.#folder, line), socket, { write: 'down', read: 'up' });
  }
}

/** Carries bytes between a socket and the two files of a connection until either side hangs up. */
function patch(clock: Clock, line: string, socket: Socket, ways: { write: Direction; read: Direction }): void {
  socket.setNoDelay(true);
  const file = openSync(join(line, ways.write), 'a');
  socket.on('data', (bytes) => writeSync(file, bytes));
  socket.on('error', () => {});
  socket.once('close', () => {
    closeSync(file);
    writeFileSync(join(line, `${ways.write}.end`), '');
  });
  void copyTo(clock, socket, join(line, ways.read));
}

async function copyTo(clock: Clock, socket: Socket, path: string): Promise<void> {
  const buffer = Buffer.alloc(CHUNK);
  let file: number | undefined;
  let offset = 0;
  let ended = false;
  while (!socket.destroyed) {
    if (file === undefined && existsSync(path)) file = openSync(path, 'r');
    const length = file === undefined ? 0 : readSync(file, buffer, 0, CHUNK, offset);
    offset += length;
    if (length > 0) {
      ended = false;
      socket.write(Buffer.from(buffer.subarray(0, length)));
    } else if (ended) {
      socket.end();
      break;
    } else {
      // What was written before the end is read first.
      ended = existsSync(`${path}.end`);
      await clock.sleep(POLL_MS);
    }
  }
  if (file !== undefined) closeSync(file);
}
