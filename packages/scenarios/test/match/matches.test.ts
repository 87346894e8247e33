import { expect, test } from '@jest/globals';
import { matches } from '../../src/index.ts';

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: { b: [1, { c: 'x', d: 1 }] } }, { a: { b: [1, { c: 'x' }] } }, true],
  [[1, 2], [1], false],
  [{ a: 1 }, { a: '*' }, true],
  [{}, { a: '*' }, false],
  [{}, { a: null }, true],
  [{ a: 0 }, { a: null }, false],
  [7, '> 5', true],
  ['7.5', '>= 7.5', true],
  [5, '> 5', false],
  [4, '<5', true],
  [4, '<= 3', false],
  ['abc', '/^a.c$/', true],
  ['abd', '/^a.c$/', false],
  ['> 5', '> 5', false],
  [undefined, {}, false],
  [true, true, true],
])('%j matches %j: %p', (value, pattern, expected) => {
  expect(matches(value, pattern)).toBe(expected);
});
