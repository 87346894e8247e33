/** What a line on the websocket says. @see OCPP-J 1.6, section 4 */
export type Frame =
  | { readonly kind: 'call'; readonly id: string; readonly action: string; readonly payload: unknown }
  | { readonly kind: 'result'; readonly id: string; readonly payload: unknown }
  | {
      readonly kind: 'error';
      readonly id: string;
      readonly code: string;
      readonly description: string;
      readonly details: unknown;
    }
  | {
      readonly kind: 'broken';
      readonly rule: 'RPC_NOT_JSON' | 'RPC_SHAPE' | 'RPC_MESSAGE_TYPE' | 'RPC_ID';
      readonly message: string;
      /** What stands where its message id would, if that is a text. */
      readonly id: string | undefined;
    };

const LENGTHS: Readonly<Record<number, number>> = { 2: 4, 3: 3, 4: 5 };

type Broken = Extract<Frame, { kind: 'broken' }>;

/** Reads a frame. Never throws: what cannot be read is `broken`, with the rule that it breaks. */
export function parseFrame(text: string): Frame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return broken('RPC_NOT_JSON', 'the frame is not JSON');
  }
  if (!Array.isArray(frame)) return broken('RPC_SHAPE', 'the frame is not an array');
  const [type, id]: unknown[] = frame;
  const length = typeof type === 'number' ? LENGTHS[type] : undefined;
  if (length === undefined) return broken('RPC_MESSAGE_TYPE', `the message type is ${JSON.stringify(type)}`, id);
  if (frame.length !== length)
    return broken('RPC_SHAPE', `a frame of type ${type} has ${length} elements, not ${frame.length}`, id);
  if (typeof id !== 'string' || id.length === 0 || id.length > 36)
    return broken('RPC_ID', `the message id is ${JSON.stringify(id)}`, id);
  return readBody(frame, id);
}

function readBody(frame: readonly unknown[], id: string): Frame {
  const [type, , second, third, fourth] = frame;
  if (type === 3) return { kind: 'result', id, payload: second };
  if (typeof second !== 'string')
    return broken('RPC_SHAPE', `the third element of a frame of type ${type} is not a string`, id);
  if (type === 2) return { kind: 'call', id, action: second, payload: third };
  if (typeof third !== 'string') return broken('RPC_SHAPE', 'the description of a CALLERROR is not a string', id);
  if (typeof fourth !== 'object' || fourth === null || Array.isArray(fourth))
    return broken('RPC_SHAPE', 'the details of a CALLERROR are not an object', id);
  return { kind: 'error', id, code: second, description: third, details: fourth };
}

function broken(rule: Broken['rule'], message: string, id?: unknown): Broken {
  return { kind: 'broken', rule, message, id: typeof id === 'string' ? id : undefined };
}

/** The error codes that OCPP-J 1.6 knows, in its own spelling. @see OCPP-J 1.6, section 4.2.3 */
export const RPC_ERROR_CODES: readonly string[] = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
];
