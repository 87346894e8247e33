import { formatTimestamp } from '@chargemesh/base';
import type { LoggedFrame } from '../charge-point-types.ts';
import type { VisibleFrame } from './visible-frame.ts';

/**
 * A frame as one line of JSON: `{"t":"2026-11-25T08:53:05.175Z","direction":"out","frame":[2,"…","Heartbeat",{}]}`. A text that is no
 * frame stands as it came.
 * @param raw whether the text stands in it as well, to the byte (LogMessagesRaw)
 */
export function frameLine(
  { timestampMs, direction }: Pick<LoggedFrame, 'timestampMs' | 'direction'>,
  { content, text }: VisibleFrame,
  raw: boolean,
): string {
  return JSON.stringify({ t: formatTimestamp(timestampMs), direction, frame: content, ...(raw && { raw: text }) });
}
