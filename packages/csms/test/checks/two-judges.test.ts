import { createFrameValidator } from '@chargemesh/ocpp-core';
import { describe, expect, test } from '@jest/globals';
import { checkFields } from '../../src/checks/field-check.ts';
import type { Field, Fields } from '../../src/checks/tables/field.ts';
import { MESSAGES } from '../../src/checks/tables/messages.ts';
import { at } from '../support/play.ts';

type Payload = Record<string, unknown>;

/** The schemas, as a strict peer would hold them up. */
const schemas = createFrameValidator({ strict: true });

/** A payload that fills a table to its limits. */
function full(fields: Fields): Payload {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name.replace('?', ''), largest(field)]));
}

/** A payload of the required fields alone. */
function least(fields: Fields): Payload {
  const required = Object.entries(fields).filter(([name]) => !name.endsWith('?'));
  return Object.fromEntries(required.map(([name, field]) => [name, largest(field)]));
}

function largest(field: Field): unknown {
  switch (field.kind) {
    case 'text':
      return field.max === undefined ? 'ftp://127.0.0.1/x' : 'x'.repeat(field.max);
    case 'enum':
      return field.values[0];
    case 'integer':
      return Math.max(field.min ?? 1, 1);
    case 'tenth':
      return 8.1;
    case 'flag':
      return true;
    case 'time':
      return at(0);
    case 'object':
      return full(field.fields);
    case 'list':
      return [largest(field.of)];
  }
}

/** Payloads that break a table in one place each: a text too long, a value that is not in the enumeration, a field too few or many. */
function broken(fields: Fields): [string, Payload][] {
  const right = full(fields);
  return Object.entries(fields).flatMap(([key, field]): [string, Payload][] => {
    const name = key.replace('?', '');
    const missing: [string, Payload][] = [];
    if (name === key) {
      const { [name]: _, ...others } = right;
      missing.push([`without ${name}`, others]);
    }
    return [
      ...missing,
      ...faults(field).map(([what, value]): [string, Payload] => [`${name} ${what}`, { ...right, [name]: value }]),
    ];
  });
}

function faults(field: Field): [string, unknown][] {
  const number: [string, unknown] = ['a boolean where none belongs', true];
  switch (field.kind) {
    case 'text':
      return [
        number,
        ...(field.max === undefined ? [] : [['too long', 'x'.repeat(field.max + 1)] as [string, unknown]]),
      ];
    case 'enum':
      return [number, ['unknown', 'Unheard']];
    case 'integer':
      return [number, ['with a fraction', 1.5]];
    case 'tenth':
      return [number, ['with two decimals', 6.25]];
    case 'flag':
      return [['a text', 'true']];
    case 'time':
      return [number, ['no time', 'yesterday']];
    case 'object':
      return broken(field.fields).map(([what, value]) => [`/ ${what}`, value]);
    case 'list':
      return faults(field.of).map(([what, value]) => [`[] ${what}`, [value]]);
  }
}

const judged = Object.entries(MESSAGES).flatMap(([action, { request, response }]) => [
  { name: `${action}.req`, fields: request, schema: (payload: unknown) => schemas.request(action, payload) },
  { name: `${action}.conf`, fields: response, schema: (payload: unknown) => schemas.response(action, payload) },
]);

function byTable(fields: Fields, payload: Payload): string[] {
  const found: string[] = [];
  checkFields(fields, payload, (rule) => found.push(rule));
  return found;
}

describe('the tables and the schemas, two judges that know nothing of each other,', () => {
  test('know the same actions', () => {
    for (const action of Object.keys(MESSAGES)) expect([action, schemas.isAction(action)]).toEqual([action, true]);
  });

  for (const { name, fields, schema } of judged)
    test(`agree on ${name}`, () => {
      for (const payload of [full(fields), least(fields)])
        expect([payload, byTable(fields, payload), schema(payload)]).toEqual([payload, [], []]);
      for (const [what, payload] of [...broken(fields), ['one too many', { ...full(fields), extra: 1 }] as const]) {
        expect([what, byTable(fields, payload).length]).toEqual([what, 1]);
        expect([what, schema(payload).length > 0]).toEqual([what, true]);
      }
    });
});
