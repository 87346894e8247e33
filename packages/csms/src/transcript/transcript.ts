import { isRecord } from '../checks/field-check.ts';

/**
 * One line of a transcript: a frame with its time and direction, as the recordings of other stations have them too.
 * `rx` is from the station, `tx` from the CSMS, `event` a connection that came or went.
 */
export interface TranscriptEntry {
  /** Epoch seconds. */
  readonly t: number;
  readonly station?: string;
  readonly dir: 'rx' | 'tx' | 'event';
  /** The frame as JSON; text where it is none; `connected /cp001` or `disconnected` for an event. */
  readonly frame: unknown;
}

/** Writes an entry as one line. A frame that is JSON is written as it is on the wire, so that its bytes stay. */
export function transcriptLine(station: string, dir: TranscriptEntry['dir'], text: string, nowMs: number): string {
  const frame = dir !== 'event' && isJsonArray(text) ? text.replaceAll('\n', ' ') : JSON.stringify(text);
  return `{"t":${(nowMs / 1000).toFixed(3)},"station":${JSON.stringify(station)},"dir":"${dir}","frame":${frame}}`;
}

/** Reads one line; undefined for an empty one and for what is no entry. */
export function parseTranscriptLine(line: string): TranscriptEntry | undefined {
  if (line.trim() === '') return undefined;
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(entry)) return undefined;
  const { t, station, dir, frame } = entry;
  if (typeof t !== 'number' || (dir !== 'rx' && dir !== 'tx' && dir !== 'event')) return undefined;
  return { t, dir, frame, ...(typeof station === 'string' ? { station } : {}) };
}

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
