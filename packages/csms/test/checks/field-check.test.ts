import { describe, expect, test } from '@jest/globals';
import { checkFields } from '../../src/checks/field-check.ts';
import type { RuleCode } from '../../src/checks/rules.ts';
import { type Fields, flag, integer, list, object, oneOf, tenth, text, time } from '../../src/checks/tables/field.ts';

const FIELDS: Fields = {
  'name?': text(5, 1),
  'kind?': oneOf(['A', 'B']),
  'count?': integer(0),
  'limit?': tenth(0),
  'on?': flag,
  'at?': time,
  'inner?': object({ id: integer() }),
  'rows?': list(object({ id: integer() }), 1, 2),
};

function rulesOf(payload: unknown): RuleCode[] {
  const rules: RuleCode[] = [];
  checkFields(FIELDS, payload, (rule) => rules.push(rule));
  return rules;
}

describe('a payload against its table', () => {
  const right: readonly unknown[] = [
    {},
    { name: 'Ångst', kind: 'B', count: 2 ** 31 - 1, limit: 8.1, on: false, inner: { id: -3 }, rows: [{ id: 1 }] },
    { limit: 16 },
    { limit: 81.1 },
    { at: '2024-02-29T23:59:59Z' },
    { at: '2024-02-29T23:59:59.1Z' },
  ];
  for (const payload of right)
    test(`takes ${JSON.stringify(payload)}`, () => {
      expect(rulesOf(payload)).toEqual([]);
    });

  const wrong: readonly (readonly [unknown, RuleCode])[] = [
    [null, 'FIELD_TYPE'],
    [[], 'FIELD_TYPE'],
    [{ name: null }, 'FIELD_TYPE'],
    [{ name: '' }, 'FIELD_LENGTH'],
    [{ name: 'sixsix' }, 'FIELD_LENGTH'],
    [{ kind: 'a' }, 'FIELD_ENUM'],
    [{ kind: 1 }, 'FIELD_TYPE'],
    [{ count: 1.5 }, 'FIELD_TYPE'],
    [{ count: '1' }, 'FIELD_TYPE'],
    [{ count: -1 }, 'FIELD_RANGE'],
    [{ count: 2 ** 31 }, 'FIELD_RANGE'],
    [{ limit: 6.25 }, 'FIELD_DECIMALS'],
    [{ limit: -0.1 }, 'FIELD_RANGE'],
    [{ limit: '6' }, 'FIELD_TYPE'],
    [{ on: 'true' }, 'FIELD_TYPE'],
    [{ at: 5 }, 'FIELD_TYPE'],
    [{ at: '2026-02-29T23:59:59Z' }, 'FIELD_TIME'],
    [{ at: '2026-08-01T10:00:00' }, 'FIELD_TIME'],
    [{ at: '2026-08-01T10:00:00.1234Z' }, 'FIELD_TIME'],
    [{ at: '2026-08-01T10:00:00+00:00' }, 'FIELD_TIME'],
    [{ inner: {} }, 'FIELD_MISSING'],
    [{ inner: 3 }, 'FIELD_TYPE'],
    [{ rows: [] }, 'FIELD_LENGTH'],
    [{ rows: [{ id: 1 }, { id: 2 }, { id: 3 }] }, 'FIELD_LENGTH'],
    [{ rows: [{ id: 1, extra: 1 }] }, 'FIELD_UNKNOWN'],
    [{ rows: 'x' }, 'FIELD_TYPE'],
  ];
  for (const [payload, rule] of wrong)
    test(`finds ${rule} in ${JSON.stringify(payload)}`, () => {
      expect(rulesOf(payload)).toEqual([rule]);
    });

  test('names the place', () => {
    const messages: string[] = [];
    checkFields(FIELDS, { rows: [{ id: 1 }, {}] }, (_rule, message) => messages.push(message));
    expect(messages).toEqual(['/rows/1/id is missing']);
  });
});
