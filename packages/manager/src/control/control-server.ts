import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { ChargemeshError, type Logger, messageOf } from '@chargemesh/base';
import { type ControlReply, LineReader, readRequest } from './protocol.ts';

/** What a method may do beside returning its result. */
export interface ControlCall {
  /** Sends an event to the caller, before the result. */
  readonly emit: (event: unknown) => void;
  /** Is aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

/** A method that can be called through the control socket. What it throws is the caller's error, by code and message. */
export type ControlMethod = (params: unknown, call: ControlCall) => unknown;

/**
 * The control socket of a mesh: how commands such as `plug` and `status` reach it. A Unix socket that only its user can open.
 */
export class ControlServer {
  readonly #methods = new Map<string, ControlMethod>();
  readonly #sockets = new Set<Socket>();
  readonly #log: Logger;
  #server: Server | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Adds methods by name. */
  register(methods: Readonly<Record<string, ControlMethod>>): void {
    for (const [name, method] of Object.entries(methods)) this.#methods.set(name, method);
  }

  /** Takes the place of a socket that a process which is gone left behind: the caller holds the lock of the state folder. */
  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    const server = createServer((socket) => this.#serve(socket));
    const before = process.umask(0o077);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } finally {
      process.umask(before);
    }
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    // Whoever hears that its connection has ended may come again at once: it must not find this one any more.
    const closed = server && new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    const gone = new AbortController();
    this.#sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      gone.abort();
    });
    const send = (reply: ControlReply): void => {
      if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    };
    const reader = new LineReader((line) => void this.#answer(line, send, gone.signal));
    socket.on('data', (text) => reader.push(String(text)));
  }

  async #answer(line: string, send: (reply: ControlReply) => void, signal: AbortSignal): Promise<void> {
    let id = 0;
    try {
      const request = readRequest(line);
      id = request.id;
      const method = this.#methods.get(request.method);
      if (!method) throw new ChargemeshError('CONTROL_UNKNOWN_METHOD', `this mesh has no method ${request.method}`);
      const result = await method(request.params, { emit: (event) => send({ id, event }), signal });
      send({ id, result: result ?? null });
    } catch (error) {
      if (!(error instanceof ChargemeshError)) this.#log.error(`control: ${messageOf(error)}`);
      const code = error instanceof ChargemeshError ? error.code : 'INTERNAL';
      send({ id, error: { code, message: messageOf(error) } });
    }
  }
}
