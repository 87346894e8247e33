import { ChargemeshError } from '@chargemesh/base';
import { isObject } from '../config/merge-patch.ts';

/** What a client asks for: one line of JSON. */
export interface ControlRequest {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** What comes back: any number of events, then one result or one error, each a line of JSON. */
export type ControlReply =
  | { readonly id: number; readonly event: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

/** Reads a request. @throws ChargemeshError `CONTROL_BAD_REQUEST` */
export function readRequest(line: string): ControlRequest {
  const request = parseLine(line);
  if (!isObject(request) || typeof request.id !== 'number' || typeof request.method !== 'string')
    throw new ChargemeshError('CONTROL_BAD_REQUEST', 'a request is {"id": number, "method": text, "params": …}');
  return { id: request.id, method: request.method, params: request.params };
}

/** Reads a reply; undefined where it is none. */
export function readReply(line: string): ControlReply | undefined {
  const reply = parseLine(line);
  if (!isObject(reply) || typeof reply.id !== 'number') return undefined;
  const { id, error } = reply;
  if (isObject(error)) return { id, error: { code: String(error.code), message: String(error.message) } };
  return 'event' in reply ? { id, event: reply.event } : { id, result: reply.result };
}

/** Cuts a stream of text into lines. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.#onLine(line);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
