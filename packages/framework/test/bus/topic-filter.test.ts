import { matchesFilter } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/+/c', 'a/b/c', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a', true],
  ['#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+', 'a', true],
  ['+', '/a', false],
  ['/+', '/a', true],
])('%s on %s: %s', (filter, topic, matches) => {
  expect(matchesFilter(filter, topic)).toBe(matches);
});
