import { describe, expect, test } from '@jest/globals';
import type { Field, Fields } from '../../src/checks/tables/field.ts';
import { MESSAGES, messageTable } from '../../src/checks/tables/messages.ts';

/** Every field of a table with its path; a list counts as its entries. */
function flatten(fields: Fields, path = ''): [string, Field][] {
  return Object.entries(fields).flatMap(([name, field]) => nested(field, `${path}/${name}`));
}

function nested(field: Field, path: string): [string, Field][] {
  if (field.kind === 'object') return [[path, field], ...flatten(field.fields, path)];
  if (field.kind === 'list') return nested(field.of, `${path}[]`);
  return [[path, field]];
}

describe('the tables of messages', () => {
  test('know the 28 actions of OCPP 1.6 and the 11 of its security extension', () => {
    expect(Object.keys(MESSAGES)).toHaveLength(39);
    expect(Object.values(MESSAGES).filter(({ sender }) => sender === 'station')).toHaveLength(13);
    expect(Object.entries(MESSAGES).filter(([, { sender }]) => sender === 'both')).toEqual([
      ['DataTransfer', MESSAGES.DataTransfer],
    ]);
  });

  test('know nothing else, whatever an object has of its own', () => {
    expect(messageTable('constructor')).toBeUndefined();
    expect(messageTable('Authorize')).toBe(MESSAGES.Authorize);
  });

  test('hold every idTag to 20 characters', () => {
    const tags = Object.values(MESSAGES)
      .flatMap(({ request, response }) => [...flatten(request), ...flatten(response)])
      .filter(([path]) => /\/(parentI|i)dTag\??$/.test(path));
    expect(tags.length).toBeGreaterThan(10);
    for (const [, field] of tags) expect(field).toEqual({ kind: 'text', max: 20, min: 1 });
  });
});
