import { expect, test } from '@jest/globals';
import { sameId } from '../src/id-token.ts';

test.each([
  ['deadbeef', 'DEADBEEF', true],
  ['deadbeef', 'deadbeee', false],
  ['straße', 'STRAẞE', true],
  // Letters beyond the 16 bits of one UTF-16 unit have cases too.
  ['𐐀', '𐐨', true],
  ['istanbul', 'ISTANBUL', true],
  ['ıstanbul', 'ISTANBUL', false],
  ['İstanbul', 'istanbul', false],
  ['', '', true],
  ['A', undefined, false],
  [undefined, undefined, false],
])('EVerest-566: %s and %s: %s', (one, other, are) => {
  expect(sameId(one, other)).toBe(are);
});
