import { formatTimestamp } from '@chargemesh/base';
import type { LoggedFrame } from '../charge-point-types.ts';

const HIDDEN = '…';

/**
 * A frame as one line of JSON: `{"t":"2026-11-25T08:53:05.175Z","direction":"out","frame":[2,"…","Heartbeat",{}]}`. A text that is no
 * frame stands as it came. A password that the CSMS sets is left out.
 */
export function frameLine({ timestampMs, direction, text }: LoggedFrame): string {
  return JSON.stringify({ t: formatTimestamp(timestampMs), direction, frame: withoutPassword(parse(text)) });
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
  if (String(payload.key).toLowerCase() !== 'authorizationkey') return frame;
  return [frame[0], frame[1], frame[2], { ...payload, value: HIDDEN }];
}
