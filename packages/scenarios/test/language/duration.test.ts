import { expect, test } from '@jest/globals';
import { durationMs } from '../../src/index.ts';

test.each([
  [10, 10_000],
  ['500 ms', 500],
  ['1.5s', 1_500],
  ['2 min', 120_000],
  ['-1 h', -3_600_000],
  ['3 d', 259_200_000],
])('%p is %d ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

test.each(['', 'soon', '5 weeks', '1e3'])('%p is no time', (text) => {
  expect(() => durationMs(text)).toThrow('is no time');
});
