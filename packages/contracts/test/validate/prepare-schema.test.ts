import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '../../src/index.ts';
import { prepareSchema, TIMESTAMP_PATTERN, type TypeLookup } from '../../src/validate/prepare-schema.ts';

const types: Record<string, JsonSchema> = {
  'a/Color': { type: 'string', enum: ['red', 'green'] },
  'a/Point': { type: 'object', properties: { x: { type: 'number' } } },
};
const lookup: TypeLookup = (file, type) => types[`${file}/${type}`];

describe('what stands beside a reference', () => {
  test.each<[string, JsonSchema, unknown]>([
    ['an object beside a reference to text', { type: 'object', $ref: '/a#/Color' }, { $ref: 'a#/definitions/Color' }],
    [
      'a closed object',
      { type: 'object', $ref: '/a#/Point', additionalProperties: false },
      { $ref: 'a#/definitions/Point' },
    ],
    [
      'limits of numbers',
      { type: 'object', $ref: '/a#/Point', minimum: 0, maximum: 4 },
      { $ref: 'a#/definitions/Point' },
    ],
    [
      'a length beside text stays',
      { type: 'string', $ref: '/a#/Color', minLength: 4 },
      { $ref: 'a#/definitions/Color', type: 'string', minLength: 4 },
    ],
  ])('%s', (_, schema, prepared) => {
    expect(prepareSchema(schema, lookup)).toEqual(prepared);
  });
});

test('what means nothing to the type is dropped, and so are texts, defaults and keys of ours', () => {
  const schema: JsonSchema = {
    description: 'Text.',
    type: 'string',
    maximum: 50,
    maxLength: 5,
    default: 'a',
    'x-kind': 'state',
    qos: 2,
  };
  expect(prepareSchema(schema, lookup)).toEqual({ type: 'string', maxLength: 5 });
});

test('a property may be named as a keyword is', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: { description: { type: 'string' }, default: { type: 'number' } },
  };
  expect(prepareSchema(schema, lookup)).toEqual(schema);
});

test.each([
  ['2026-02-28T23:59:59.999Z', true],
  ['2026-12-31T23:59:60.000Z', true],
  ['2026-02-28T24:00:00.000Z', false],
  ['2026-02-28T23:59:59Z', true],
  ['2026-02-28T23:59:59.123456Z', true],
  ['2026-02-28T23:59:59.Z', false],
  ['2026-02-28T23:59:59.999', false],
  ['2026-02-28t23:59:59.999z', false],
  ['2026-02-28T23:59:59.999+00:00', false],
  ['2026-00-28T23:59:59.999Z', false],
])('a time on the bus: %s', (text, good) => {
  expect(prepareSchema({ type: 'string', format: 'date-time' }, lookup)).toEqual({
    type: 'string',
    pattern: TIMESTAMP_PATTERN,
  });
  expect(new RegExp(TIMESTAMP_PATTERN, 'u').test(text)).toBe(good);
});
