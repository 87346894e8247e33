import type { Random } from '@chargemesh/base';
import { happens, pick } from './chance.ts';

/** A place in a JSON value: who holds it, and under which name or number. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

const NUMBERS = [0, -1, 1, 1.5, 8.15, -0.1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e300] as const;
const LENGTHS = [0, 1, 20, 21, 25, 26, 50, 51, 255, 256, 500, 501, 5_000] as const;
const TIMES = [
  'now',
  '2026-01-01',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00',
  '1e9',
  '2026-01-01T00:00:00.123456789+05:30',
  '-2026-01-01T00:00:00Z',
] as const;
const STRANGE = [
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  'a\u0000b',
  '$ref',
  '../../etc',
  '%s%n',
  '<x/>',
] as const;

/**
 * Changes one to three fields of a value, in place: takes them away, gives them another type, length, number, case, or company.
 * @returns how many
 */
export function mutate(value: Record<string, unknown>, random: Random): number {
  const count = random.integer(1, 3);
  for (let at = 0; at < count; at++) {
    const place = pick(random, placesOf(value));
    if (!place || happens(random, 0.1)) addField(value, random);
    else mutatePlace(place, random);
  }
  return count;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown> | unknown[];
  const own: Place[] = Array.isArray(holder)
    ? holder.map((_, key) => ({ holder, key }))
    : Object.keys(holder).map((key) => ({ holder, key }));
  return [...own, ...own.flatMap((place) => placesOf(read(place)))];
}

function read({ holder, key }: Place): unknown {
  return Array.isArray(holder) ? holder[Number(key)] : holder[key];
}

function write({ holder, key }: Place, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function addField(value: Record<string, unknown>, random: Random): void {
  const key = happens(random, 0.5) ? `extra${random.integer(0, 99)}` : pick(random, STRANGE);
  write({ holder: value, key }, anything(random));
}

function mutatePlace(place: Place, random: Random): void {
  const { holder, key } = place;
  if (happens(random, 0.15)) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return;
  }
  if (happens(random, 0.3)) {
    write(place, anything(random));
    return;
  }
  write(place, nearby(read(place), random));
}

/** Something of the same type that may be just too much. */
function nearby(value: unknown, random: Random): unknown {
  switch (typeof value) {
    case 'string':
      return nearbyText(value, random);
    case 'number':
      return happens(random, 0.5) ? pick(random, NUMBERS) : value + random.integer(-2, 2);
    case 'boolean':
      return happens(random, 0.5) ? !value : String(value);
    case 'object':
      if (Array.isArray(value)) return happens(random, 0.5) ? [] : [...value, ...value, anything(random)];
      return happens(random, 0.5) ? [value] : {};
    default:
      return null;
  }
}

function nearbyText(value: string, random: Random): string {
  const kinds = [
    () => value.toLowerCase(),
    () => ` ${value}`,
    () => (pick(random, ['x', 'ä', '🔌']) ?? '').repeat(pick(random, LENGTHS)),
    () => pick(random, TIMES),
    () => pick(random, STRANGE),
    () => value.slice(0, random.integer(0, value.length)),
    () => String(pick(random, NUMBERS)),
  ] as const;
  return pick(random, kinds)?.() ?? '';
}

function anything(random: Random): unknown {
  const kinds = [
    () => null,
    () => pick(random, NUMBERS),
    () => happens(random, 0.5),
    () => pick(random, STRANGE),
    () => 'x'.repeat(pick(random, LENGTHS)),
    () => [],
    () => ({}),
    () => [[[[{}]]]],
    () => ({ toString: 1, valueOf: null }),
  ] as const;
  return pick(random, kinds)?.();
}
