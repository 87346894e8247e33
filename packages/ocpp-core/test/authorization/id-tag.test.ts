import { describe, expect, test } from '@jest/globals';
import { isIdTag, sameIdTag } from '../../src/authorization/id-tag.ts';

describe('what can be an idTag', () => {
  test.each([
    ['nothing', '', false],
    ['one character', 'x', true],
    ['20 characters', 'x'.repeat(20), true],
    ['ocpp-514: 21 characters', 'x'.repeat(21), false],
    ['20 characters of two UTF-16 units each', '🔌'.repeat(20), true],
    ['21 of them', '🔌'.repeat(21), false],
    ['20 code points, some of which combine', 'e\u0301'.repeat(10), true],
  ])('%s', (_, text, is) => {
    expect(isIdTag(text)).toBe(is);
  });
});

describe('which are the same', () => {
  test.each([
    ['deadbeef', 'DEADBEEF', true],
    ['DeadBeef', 'dEADbEEF', true],
    ['deadbeef', 'deadbeee', false],
    ['straße', 'STRAẞE', true],
    ['ÄÖÜ', 'äöü', true],
    // Letters beyond the 16 bits of one UTF-16 unit have cases too.
    ['𐐀', '𐐨', true],
    // A Turkish i is not an English one, on no station.
    ['istanbul', 'ISTANBUL', true],
    ['ıstanbul', 'ISTANBUL', false],
    ['İstanbul', 'istanbul', false],
  ])('%s and %s: %s', (one, other, are) => {
    expect(sameIdTag(one, other)).toBe(are);
  });
});
