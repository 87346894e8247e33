import { formatTimestamp, type Random } from '@chargemesh/base';
import type { Field, Fields } from '@chargemesh/csms';
import { happens, pick } from './chance.ts';

/** Values that mean something to the station at hand: without them most requests would be refused at the door. */
export interface Hints {
  readonly wallMs: number;
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly integers: Readonly<Record<string, readonly number[]>>;
}

const WORDS = [
  '',
  'a',
  'TAG1',
  'ünï©ödé',
  '充电',
  '🔌',
  'true',
  'false',
  '0',
  '1',
  '-1',
  '10',
  '3600',
  'a,b',
  ' ',
  '\u0000',
  "';--",
] as const;
const HOUR_MS = 3_600_000;

/** Makes a payload that the table of its message allows. Optional fields come and go. */
export function makePayload(fields: Fields, random: Random, hints: Hints): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const optional = key.endsWith('?');
    if (optional && happens(random, 0.4)) continue;
    const name = optional ? key.slice(0, -1) : key;
    payload[name] = makeValue(name, field, random, hints);
  }
  return payload;
}

function makeValue(name: string, field: Field, random: Random, hints: Hints): unknown {
  switch (field.kind) {
    case 'text':
      return makeText(name, field, random, hints);
    case 'enum':
      return pick(random, field.values);
    case 'integer':
      return makeInteger(name, field.min, random, hints);
    case 'tenth':
      return Math.max(field.min ?? 0, random.integer(0, 320) / 10);
    case 'flag':
      return happens(random, 0.5);
    case 'time':
      return makeTime(random, hints);
    case 'object':
      return makePayload(field.fields, random, hints);
    case 'list': {
      const length = random.integer(field.min, Math.min(field.max ?? 3, 3));
      return Array.from({ length }, () => makeValue(name, field.of, random, hints));
    }
  }
}

function makeText(name: string, field: Extract<Field, { kind: 'text' }>, random: Random, hints: Hints): string {
  const { max = 200, min = 0 } = field;
  const known = hints.texts[name];
  const text = known && happens(random, 0.8) ? (pick(random, known) ?? '') : freeText(max, random);
  return [...text].slice(0, max).join('').padEnd(min, 'x');
}

function freeText(max: number, random: Random): string {
  const length = happens(random, 0.1) ? max : random.integer(0, Math.min(max, 24));
  let text = '';
  while (text.length < length) text += pick(random, WORDS) ?? '';
  return text;
}

function makeInteger(name: string, min: number | undefined, random: Random, hints: Hints): number {
  const known = hints.integers[name];
  const value = known && happens(random, 0.8) ? (pick(random, known) ?? 0) : random.integer(-3, 100_000);
  return Math.max(min ?? -(2 ** 31), value);
}

function makeTime(random: Random, hints: Hints): string {
  const text = formatTimestamp(hints.wallMs + random.integer(-24 * HOUR_MS, 24 * HOUR_MS));
  return happens(random, 0.5) ? text : text.replace(/\.\d+Z$/, 'Z');
}
