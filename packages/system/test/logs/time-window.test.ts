import { parseTimestamp } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { linesWithin } from '../../src/logs/time-window.ts';

const at = (text: string): number => parseTimestamp(text) ?? Number.NaN;
const TEXT = [
  '2026-03-01T10:00:00.000Z first',
  'and more of it',
  `{"level":30,"time":${at('2026-03-01T11:00:00Z')},"msg":"second"}`,
  `{"t":${at('2026-03-01T12:00:00Z') / 1000}.5,"frame":[]}`,
  '<tr><td>2026-03-01 13:00:00+00:00</td></tr>',
  'its end',
  '',
].join('\n');

test.each([
  [undefined, undefined, 'all', TEXT.split('\n').length],
  ['2026-03-01T10:30:00Z', undefined, 'from the second on', 5],
  [undefined, '2026-03-01T10:30:00Z', 'the first, with what belongs to it', 3],
  ['2026-03-01T11:00:00Z', '2026-03-01T12:30:00Z', 'two in between', 3],
])('from %s to %s: %s', (oldest, latest, _, lines) => {
  const found = linesWithin(TEXT, {
    oldestMs: oldest === undefined ? undefined : at(oldest),
    latestMs: latest === undefined ? undefined : at(latest),
  });
  expect(found.split('\n')).toHaveLength(lines);
});
