import type { JournalPosition } from '../journal/journal-wire.ts';
import { CommandError, type CommandErrorType, commandErrorTypes } from '../module/command-error.ts';
import type { Mapping, MeshError } from '../module/mesh-error.ts';

/** The message types that EVerest's modules know; any other kills them (bus.md 1.2). */
export type MessageType =
  | 'Var'
  | 'Cmd'
  | 'CmdResult'
  | 'RaiseError'
  | 'ClearError'
  | 'ConfigurationRequest'
  | 'ConfigurationResponse'
  | 'ModuleReady'
  | 'GlobalReady';

/** A command as it travels. `args` is null where the command has none. */
export interface CommandMessage {
  readonly id: string;
  readonly origin: string;
  readonly args: unknown;
}

/** The answer to a command: a value or an error. */
export type ResultMessage =
  | { readonly id: string; readonly origin: string; readonly retval: unknown }
  | { readonly id: string; readonly origin: string; readonly error: CommandError };

/** Puts data into the envelope. Keys stand in alphabetical order, as the reference writes them. */
export function encodeEnvelope(type: MessageType, data: unknown): string {
  return `{"data":${JSON.stringify(data)},"msg_type":"${type}"}`;
}

/** @param journal the place of the value in its module's journal: an extra member that EVerest passes over (bus.md 1.4) */
export function encodeVariable(value: unknown, journal?: JournalPosition): string {
  return encodeVariableText(JSON.stringify(value), journal);
}

/** As {@link encodeVariable}, of a value that is JSON text already. */
export function encodeVariableText(value: string, journal?: JournalPosition): string {
  const mark = journal ? `"journal":${JSON.stringify(journal)},` : '';
  return `{"data":{"data":${value}},${mark}"msg_type":"Var"}`;
}

export function encodeCommand({ id, origin, args }: CommandMessage): string {
  return encodeEnvelope('Cmd', { args: isEmpty(args) ? null : args, id, origin });
}

export function encodeResult(result: ResultMessage): string {
  const { id, origin } = result;
  const data =
    'error' in result
      ? { error: { __everest__error_msg: result.error.message, __everest__error_type: result.error.type }, id, origin }
      : { id, origin, retval: result.retval ?? null };
  return encodeEnvelope('CmdResult', { data, type: 'result' });
}

export function encodeError(error: MeshError): string {
  return encodeEnvelope(error.state === 'Active' ? 'RaiseError' : 'ClearError', error);
}

/** What stands wrong in a message that came. The message is dropped, never fatal. */
export class WireFault extends Error {}

/**
 * Opens an envelope.
 * @returns the message type (undefined where there is none) and the data in it
 * @throws WireFault where it is no JSON object
 */
export function openEnvelope(payload: string): { type: string | undefined; data: unknown; journal?: unknown } {
  const message = parse(payload);
  if (!isObject(message)) throw new WireFault('the payload is no JSON object');
  const type = message.msg_type;
  const data = 'data' in message ? message.data : message;
  return { type: typeof type === 'string' ? type : undefined, data, journal: message.journal };
}

/** The value of a variable. @throws WireFault */
export function decodeVariable(payload: string): unknown {
  return decodeMarkedVariable(payload).value;
}

/** The value of a variable, with its place in the journal of its module where it has one. @throws WireFault */
export function decodeMarkedVariable(payload: string): { value: unknown; journal: JournalPosition | undefined } {
  const { type, data, journal } = openEnvelope(payload);
  if (type !== 'Var') throw new WireFault(`msg_type is ${type ?? 'missing'}, not Var`);
  if (!isObject(data) || !('data' in data)) throw new WireFault('the variable has no inner data');
  return { value: data.data, journal: isPosition(journal) ? journal : undefined };
}

function isPosition(value: unknown): value is JournalPosition {
  return isObject(value) && typeof value.epoch === 'string' && Number.isSafeInteger(value.number);
}

/** A command. Missing arguments and null read as no arguments. @throws WireFault */
export function decodeCommand(payload: string): CommandMessage {
  const { type, data } = openEnvelope(payload);
  if (type !== 'Cmd') throw new WireFault(`msg_type is ${type ?? 'missing'}, not Cmd`);
  if (!isObject(data)) throw new WireFault('the command has no data');
  const { id, origin, args } = data;
  if (typeof id !== 'string' || id === '') throw new WireFault('the command has no id');
  if (typeof origin !== 'string' || origin === '') throw new WireFault('the command has no origin');
  return { id, origin, args: args ?? {} };
}

/** The answer to a command. An error wins over a value. @throws WireFault */
export function decodeResult(payload: string): ResultMessage {
  const { type, data } = openEnvelope(payload);
  if (type !== 'CmdResult') throw new WireFault(`msg_type is ${type ?? 'missing'}, not CmdResult`);
  const inner = isObject(data) ? data.data : undefined;
  if (!isObject(inner) || typeof inner.id !== 'string') throw new WireFault('the result has no id');
  const id = inner.id;
  const origin = typeof inner.origin === 'string' ? inner.origin : '';
  if (isObject(inner.error)) {
    const text = inner.error.__everest__error_msg;
    return { id, origin, error: new CommandError(errorType(inner.error.__everest__error_type), String(text ?? '')) };
  }
  return { id, origin, retval: inner.retval ?? null };
}

/** An error raised or cleared. Receivers decide on `state`; odd severities and states read as the reference reads them. @throws WireFault */
export function decodeError(payload: string): MeshError {
  const { data } = openEnvelope(payload);
  if (!isObject(data) || typeof data.type !== 'string' || !isObject(data.origin))
    throw new WireFault('this is no error object');
  const { severity, state } = data;
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  return {
    type: data.type,
    sub_type: text('sub_type'),
    message: text('message'),
    description: text('description'),
    severity: severity === 'Low' || severity === 'Medium' ? severity : 'High',
    state: state === 'ClearedByModule' || state === 'ClearedByReboot' ? state : 'Active',
    origin: readOrigin(data.origin),
    vendor_id: text('vendor_id'),
    uuid: text('uuid'),
    timestamp: text('timestamp'),
  };
}

/** Where an error comes from. A mapping that is none leaves the error with the whole station. @throws WireFault */
function readOrigin({ module_id, implementation_id, mapping }: Record<string, unknown>): MeshError['origin'] {
  if (typeof module_id !== 'string' || typeof implementation_id !== 'string')
    throw new WireFault('the origin of the error lacks its module or implementation');
  return { module_id, implementation_id, ...(isMapping(mapping) && { mapping }) };
}

function isMapping(value: unknown): value is Mapping {
  return isObject(value) && 'evse' in value;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    throw new WireFault(`the payload is no JSON: ${(error as Error).message}`);
  }
}

function errorType(value: unknown): CommandErrorType {
  return commandErrorTypes.find((type) => type === value) ?? 'HandlerException';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(args: unknown): boolean {
  return args === null || args === undefined || (isObject(args) && Object.keys(args).length === 0);
}
