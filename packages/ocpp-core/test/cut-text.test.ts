import { expect, test } from '@jest/globals';
import { cutText } from '../src/cut-text.ts';

test.each([
  ['', 3, ''],
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['🔌🔌🔌🔌', 3, '🔌🔌🔌'],
  ['ab🔌🔌', 3, 'ab🔌'],
  ['🔌🔌', 3, '🔌🔌'],
])('%s to %i characters: %s', (text, length, cut) => {
  expect(cutText(text, length)).toBe(cut);
});
