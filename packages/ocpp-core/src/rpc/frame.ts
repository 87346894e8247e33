import { cutText } from '../cut-text.ts';

/** A request. */
export interface CallFrame {
  readonly kind: 'call';
  readonly id: string;
  readonly action: string;
  readonly payload: unknown;
}

/** The answer to a request. */
export interface ResultFrame {
  readonly kind: 'result';
  readonly id: string;
  readonly payload: unknown;
}

/** The refusal of a request. */
export interface ErrorFrame {
  readonly kind: 'error';
  readonly id: string;
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
}

/** A text that is no frame. `id` is given where a request could be read that far: it may be answered. */
export interface BrokenFrame {
  readonly kind: 'broken';
  readonly reason: string;
  readonly id?: string;
  /** True where it is of a type that OCPP 1.6 does not know, or an answer: these are never answered. */
  readonly silent: boolean;
}

/** The longest message id. @see OCPP-J 1.6, 4.2.1 */
const LONGEST_ID = 36;

/**
 * Reads what came over the websocket. Never throws.
 * @see OCPP-J 1.6, 4.2 (message structures)
 */
export function readFrame(text: string): CallFrame | ResultFrame | ErrorFrame | BrokenFrame {
  const frame = parse(text);
  if (!Array.isArray(frame)) return broken('the message is not a JSON array');
  const parts: readonly unknown[] = frame;
  if (parts.length < 2) return broken('the message has fewer than two elements');
  const [type, id] = parts;
  if (typeof type !== 'number') return broken('the message type is not a number');
  if (type < 2 || type > 4) return { kind: 'broken', reason: `message type ${type} is unknown`, silent: true };
  if (typeof id !== 'string' || id.length > LONGEST_ID)
    return broken(`the message id is not a text of at most ${LONGEST_ID} characters`, type !== 2);
  switch (type) {
    case 2:
      return readCall(id, parts);
    case 3:
      return parts.length === 3
        ? { kind: 'result', id, payload: parts[2] }
        : broken(`a CALLRESULT has 3 elements, not ${parts.length}`, true);
    case 4:
      return {
        kind: 'error',
        id,
        code: textOrEmpty(parts[2]),
        description: textOrEmpty(parts[3]),
        details: parts[4] ?? {},
      };
    default:
      return { kind: 'broken', reason: `message type ${type} is unknown`, silent: true };
  }
}

/** Writes a request around a payload that is JSON already, so that a resend repeats it to the byte. */
export function writeCall(id: string, action: string, payloadText: string): string {
  return `[2,${JSON.stringify(id)},${JSON.stringify(action)},${payloadText}]`;
}

export function writeResult(id: string, payload: unknown): string {
  return JSON.stringify([3, id, payload]);
}

/** @param description cut to 255 characters, as long as the standard allows */
export function writeError(id: string, code: string, description: string, details: object): string {
  return JSON.stringify([4, id, code, cutText(description, 255), details]);
}

function readCall(id: string, parts: readonly unknown[]): CallFrame | BrokenFrame {
  const [, , action, payload] = parts;
  if (parts.length !== 4) return { ...broken(`a CALL has 4 elements, not ${parts.length}`), id };
  if (typeof action !== 'string') return { ...broken('the action is not a text'), id };
  return { kind: 'call', id, action, payload };
}

function broken(reason: string, silent = false): BrokenFrame {
  return { kind: 'broken', reason, silent };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
