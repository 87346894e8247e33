import { connect, type Socket } from 'node:net';
import { ChargemeshError } from '@chargemesh/base';
import { type ControlReply, LineReader, readReply } from './protocol.ts';

interface Pending {
  readonly onEvent: ((event: unknown) => void) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to the control socket of a mesh. */
export class ControlClient {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    const reader = new LineReader((line) => this.#take(readReply(line)));
    socket.on('data', (text) => reader.push(String(text)));
    socket.on('close', () => this.#failAll());
  }

  /** @throws ChargemeshError `MESH_NOT_RUNNING` where nobody listens there */
  static async connect(path: string): Promise<ControlClient> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) =>
        reject(new ChargemeshError('MESH_NOT_RUNNING', `no mesh listens on ${path}`, { cause: error })),
      );
    });
    socket.on('error', () => {});
    return new ControlClient(socket);
  }

  /** @throws ChargemeshError with the code that the mesh gave, or `MESH_GONE` where it ended meanwhile */
  call(method: string, params: unknown = {}, onEvent?: (event: unknown) => void): Promise<unknown> {
    const id = this.#next++;
    if (!this.#socket.writable) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { onEvent, resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(reply: ControlReply | undefined): void {
    const pending = reply && this.#pending.get(reply.id);
    if (!pending) return;
    if ('event' in reply) {
      pending.onEvent?.(reply.event);
      return;
    }
    this.#pending.delete(reply.id);
    if ('error' in reply) pending.reject(new ChargemeshError(reply.error.code, reply.error.message));
    else pending.resolve(reply.result);
  }

  #failAll(): void {
    for (const { reject } of this.#pending.values()) reject(gone());
    this.#pending.clear();
  }
}

function gone(): ChargemeshError {
  return new ChargemeshError('MESH_GONE', 'the mesh has ended');
}
