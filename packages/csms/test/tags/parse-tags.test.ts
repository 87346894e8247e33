import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { idTagInfo } from '../../src/tags/id-tag-info.ts';
import { parseTags } from '../../src/tags/parse-tags.ts';

const NOW = 1_785_578_400_000;

describe('tags.yaml', () => {
  test('says what a card is', () => {
    const tags = parseTags(`
unknown: Blocked
tags:
  DeadBeef: Accepted
  00123: Expired
  1E5: { parent: Group }
  LATER: { expires: 2026-08-01T10:00:01Z }
  NOW: { expires: 2026-08-01T10:00:00Z }
  ONE: { single: true }
`);
    const say = (idTag: string, busy = false): unknown => idTagInfo(tags, idTag, NOW, busy);
    expect(say('DEADBEEF')).toEqual({ status: 'Accepted' });
    expect(say('deadbeef', true)).toEqual({ status: 'Accepted' });
    expect(say('00123')).toEqual({ status: 'Expired' });
    expect(say('123')).toEqual({ status: 'Blocked' });
    expect(say('1e5')).toEqual({ status: 'Accepted', parentIdTag: 'Group' });
    expect(say('later')).toEqual({ status: 'Accepted', expiryDate: '2026-08-01T10:00:01.000Z' });
    expect(say('now')).toEqual({ status: 'Expired', expiryDate: '2026-08-01T10:00:00.000Z' });
    expect(say('one')).toEqual({ status: 'Accepted' });
    expect(say('one', true)).toEqual({ status: 'ConcurrentTx' });
  });

  test('refuses an unknown card unless it is told otherwise', () => {
    expect(parseTags('tags: {}').unknown).toBe('Invalid');
    expect(parseTags('unknown: Accepted').unknown).toBe('Accepted');
  });

  const wrong: Readonly<Record<string, readonly [string, string]>> = {
    'a status that is none': ['tags:\n  A: Acepted\n', '2:6: "Acepted" is no status: Accepted, Blocked'],
    'a key that is none': ['tags: {}\ncards: {}\n', '2:1: "cards" is not known'],
    'a property that is none': ['tags:\n  A: { group: X }\n', '2:8: "group" is not known; status, parent'],
    'a card of 21 characters': [`tags:\n  ${'x'.repeat(21)}: Accepted\n`, '2:3: a card has 1 to 20 characters'],
    'a card that is there twice': ['tags:\n  ab: Accepted\n  AB: Blocked\n', '3:3: "AB" is the same card as "ab"'],
    'a time that is none': ['tags:\n  A: { expires: tomorrow }\n', '2:17: "tomorrow" is no time'],
    'a flag that is none': ['tags:\n  A: { single: maybe }\n', '2:16: single is true or false'],
    'a list': ['- A\n', '1:1: a mapping with "tags" is wanted'],
    'an empty file': ['', '1:1: a mapping with "tags" is wanted'],
    'what is no YAML': ['tags: {\n', '2:1: '],
  };
  for (const [name, [text, message]] of Object.entries(wrong))
    test(`names the place of ${name}`, () => {
      expect(() => parseTags(text, 'my.yaml')).toThrow(
        expect.objectContaining({ code: 'CSMS_TAGS_INVALID', message: expect.stringContaining(`my.yaml:${message}`) }),
      );
    });

  test('as it is shipped has a card of each kind', () => {
    const tags = parseTags(readFileSync(new URL('../../../../config/tags.yaml', import.meta.url), 'utf8'));
    for (const card of ['DEADBEEF', 'abc12345', 'TAG1'])
      expect(idTagInfo(tags, card, NOW, false).status).toBe('Accepted');
    const statuses = new Set(tags.all().map((tag) => idTagInfo(tags, tag.id, NOW, true).status));
    expect([...statuses].sort()).toEqual(['Accepted', 'Blocked', 'ConcurrentTx', 'Expired', 'Invalid']);
    expect(tags.all().some((tag) => tag.parentIdTag !== undefined)).toBe(true);
    expect(idTagInfo(tags, 'STRANGER', NOW, false)).toEqual({ status: 'Invalid' });
  });
});
