import {
  decodeCommand,
  decodeError,
  decodeResult,
  decodeVariable,
  openEnvelope,
  type Topics,
} from '@chargemesh/framework';
import type { BusEvent } from '@chargemesh/manager';

/** A message of the bus, understood. */
export type BusLine = { readonly atMs: number; readonly topic: string } & (
  | {
      readonly kind: 'call';
      readonly from: string;
      readonly moduleId: string;
      readonly implementation: string;
      readonly command: string;
      readonly args: unknown;
      readonly id: string;
    }
  | {
      readonly kind: 'answer';
      readonly to: string;
      readonly moduleId: string;
      readonly implementation: string;
      readonly command: string;
      readonly id: string;
      readonly result: unknown;
      /** The error's type and text, where it is one. */
      readonly error: string | undefined;
    }
  | {
      readonly kind: 'variable';
      readonly moduleId: string;
      readonly implementation: string;
      readonly variable: string;
      readonly value: unknown;
    }
  | {
      readonly kind: 'error';
      readonly moduleId: string;
      readonly implementation: string;
      readonly type: string;
      readonly raised: boolean;
      readonly text: string;
    }
  /** Something between the manager and a module: configuration, ready, status. */
  | { readonly kind: 'mesh'; readonly moduleId: string | undefined; readonly what: string; readonly data: unknown }
  /** A message from or to a program outside. */
  | { readonly kind: 'external'; readonly payload: string }
  | { readonly kind: 'unreadable'; readonly payload: string; readonly reason: string }
);

/** Reads one message. Kept copies of values are left out: they were seen when they were live. */
export function readBusLine(event: BusEvent, topics: Topics): BusLine | undefined {
  const { topic, payload, atMs } = event;
  if (payload === '') return undefined;
  const place = { atMs, topic };
  try {
    if (topic.startsWith(topics.own)) return readOwn(event, topics, place);
    if (!topic.startsWith(topics.prefixes.mesh)) return { ...place, kind: 'external', payload };
    return readMesh(topic.slice(topics.prefixes.mesh.length).split('/'), payload, place);
  } catch (error) {
    return { ...place, kind: 'unreadable', payload, reason: error instanceof Error ? error.message : String(error) };
  }
}

type At = { readonly atMs: number; readonly topic: string };

function readOwn({ topic, payload }: BusEvent, topics: Topics, place: At): BusLine | undefined {
  const [scope, moduleId = '', what] = topic.slice(topics.own.length).split('/');
  if (scope === 'modules' && what === 'impl') return undefined;
  const name = scope === 'modules' ? (what ?? '') : topic.slice(topics.own.length);
  return {
    ...place,
    kind: 'mesh',
    moduleId: scope === 'modules' ? moduleId : undefined,
    what: name,
    data: JSON.parse(payload),
  };
}

function readMesh(levels: readonly string[], payload: string, place: At): BusLine {
  const [scope, moduleId = '', part, implementation = '', kind, name = '', sub] = levels;
  if (scope !== 'modules' || part !== 'impl') {
    const ofModule = scope === 'modules';
    const what = ofModule ? levels.slice(2).join('/') : levels.join('/');
    const { data } = payload === 'true' ? { data: true } : openEnvelope(payload);
    return { ...place, kind: 'mesh', moduleId: ofModule ? moduleId : originOf(data), what, data };
  }
  const at = { ...place, moduleId, implementation };
  if (kind === 'var') return { ...at, kind: 'variable', variable: name, value: decodeVariable(payload) };
  if (kind === 'error') {
    const error = decodeError(payload);
    const type = `${error.type}${error.sub_type === '' ? '' : `/${error.sub_type}`}`;
    return {
      ...at,
      kind: 'error',
      type,
      raised: error.state === 'Active',
      text: `${error.severity}: ${error.message}`,
    };
  }
  if (sub === 'response') {
    const result = decodeResult(payload);
    return {
      ...at,
      kind: 'answer',
      to: levels[7] ?? '',
      command: name,
      id: result.id,
      ...('error' in result
        ? { result: undefined, error: `${result.error.type}: ${result.error.message}` }
        : { result: result.retval, error: undefined }),
    };
  }
  const { id, origin, args } = decodeCommand(payload);
  return { ...at, kind: 'call', from: origin, command: name, args, id };
}

function originOf(data: unknown): string | undefined {
  return typeof data === 'object' && data !== null && 'origin' in data && typeof data.origin === 'string'
    ? data.origin
    : undefined;
}
