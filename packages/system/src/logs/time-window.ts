import { parseTimestamp } from '@chargemesh/base';

/** A time span, both ends in it; milliseconds since the epoch. */
export interface TimeWindow {
  readonly oldestMs: number | undefined;
  readonly latestMs: number | undefined;
}

const ISO = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/;
/** As `mesh.log` has it. */
const EPOCH = /"(?:time|t)":(\d{13}|\d{10}\.\d+)/;

/** The lines of a log that lie in a window. One that tells no time goes with the one before it. */
export function linesWithin(text: string, { oldestMs, latestMs }: TimeWindow): string {
  if (oldestMs === undefined && latestMs === undefined) return text;
  let inside = true;
  return text
    .split(/(?<=\n)/)
    .filter((line) => {
      const atMs = timeOf(line);
      if (atMs !== undefined)
        inside = atMs >= (oldestMs ?? Number.NEGATIVE_INFINITY) && atMs <= (latestMs ?? Number.POSITIVE_INFINITY);
      return inside;
    })
    .join('');
}

function timeOf(line: string): number | undefined {
  const epoch = EPOCH.exec(line)?.[1];
  if (epoch !== undefined) return epoch.includes('.') ? Number(epoch) * 1000 : Number(epoch);
  const text = ISO.exec(line)?.[0];
  return text === undefined ? undefined : parseTimestamp(text.replace(' ', 'T'));
}
