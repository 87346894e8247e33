import { ChargemeshError } from '@chargemesh/base';
import type { DurationText } from './scenario.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time such as `500 ms` or `-1 h`; a number counts seconds. @throws ChargemeshError `SCENARIO_DURATION` */
export function durationMs(text: DurationText): number {
  const [, amount, unit = 's'] = /^([+-]?\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?$/.exec(String(text).trim()) ?? [];
  const unitMs = UNITS_MS[unit];
  if (amount === undefined || unitMs === undefined)
    throw new ChargemeshError('SCENARIO_DURATION', `${text} is no time: write 500 ms, 10 s, 2 min, 1 h or 3 d`);
  return Number(amount) * unitMs;
}
