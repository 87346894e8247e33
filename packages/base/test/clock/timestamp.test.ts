import { expect, test } from '@jest/globals';
import { formatTimestamp, parseTimestamp } from '../../src/index.ts';

test('writes UTC with milliseconds and Z', () => {
  expect(formatTimestamp(1_767_225_600_123)).toBe('2026-01-01T00:00:00.123Z');
});

test.each([
  ['2026-01-01T00:00:00Z', 0],
  ['2026-01-01t00:00:00z', 0],
  ['2026-01-01T00:00:00', 0],
  ['2026-01-01T00:00:00.5Z', 500],
  ['2026-01-01T00:00:00.123456789Z', 123],
  ['2026-01-01T02:00:00+02:00', 0],
  ['2025-12-31T22:30:00-0130', 0],
  ['2026-01-01T00:00:00.000000+00:00', 0],
])('reads %s', (text, offsetMs) => {
  expect(parseTimestamp(text)).toBe(1_767_225_600_000 + offsetMs);
});

test.each([
  '',
  'now',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:01:00Z',
  '2026-01-01',
  '1767225600',
])('refuses %s', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});
