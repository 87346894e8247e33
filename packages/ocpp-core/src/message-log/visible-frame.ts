const HIDDEN = '…';

/** A frame as it may be shown. */
export interface VisibleFrame {
  /** What the text says; the text itself where it is no JSON. */
  readonly content: unknown;
  /** The text as it went over the wire, but for what is hidden. */
  readonly text: string;
}

/** A frame without the password that the CSMS sets in it: logs and the bus are read by many. */
export function visibleFrame(text: string): VisibleFrame {
  const content = parse(text);
  const visible = withoutPassword(content);
  return { content: visible, text: visible === content ? text : JSON.stringify(visible) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withoutPassword(frame: unknown): unknown {
  if (!Array.isArray(frame) || frame[0] !== 2 || frame[2] !== 'ChangeConfiguration') return frame;
  const payload: unknown = frame[3];
  if (typeof payload !== 'object' || payload === null || !('key' in payload) || !('value' in payload)) return frame;
  if (typeof payload.key !== 'string' || payload.key.toLowerCase() !== 'authorizationkey') return frame;
  return [frame[0], frame[1], frame[2], { ...payload, value: HIDDEN }];
}
