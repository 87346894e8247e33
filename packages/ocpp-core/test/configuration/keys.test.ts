import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { KeySpec } from '../../src/configuration/key-spec.ts';
import { findKey, isKeyName, keyNames, keySpecs } from '../../src/configuration/keys.ts';
import { checkValue } from '../../src/configuration/value-check.ts';
import { repository } from '../../tools/generated-files.ts';

const schemas = new URL('../shared/reference/data/ocpp-config-schemas/', repository);
const whereReference = existsSync(schemas) ? describe : describe.skip;

interface Schema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Key by key where the table differs from the reference on purpose. */
const DIFFERS: Readonly<Record<string, Partial<KeySpec>>> = {
  // The reference's code refuses what its schema allows, and shows it as read-only.
  VerifyCsmsAllowWildcards: { access: 'RO' },
  Language: { access: 'RO' },
  // A CSMS never reads it.
  AuthorizationKey: { access: 'WO', presence: 'settable' },
  // There are no two and a half phases.
  CompositeScheduleDefaultNumberPhases: { type: 'integer' },
  // Numbers that cannot be negative.
  CertificateSignedMaxChainSize: { min: 0 },
  MaxCompositeScheduleDuration: { min: 0 },
  NumberOfDecimalsForCostValues: { min: 0 },
  RetryBackoffRandomRange: { min: 0 },
  RetryBackoffRepeatTimes: { min: 0 },
  RetryBackoffWaitMinimum: { min: 0 },
  WebsocketPongTimeout: { min: 0 },
  // Both have to be in the file (H-01, H-02), so that the default never counts.
  SecurityProfile: { presence: 'required' },
};

whereReference("the table beside the reference's schemas", () => {
  const rows = existsSync(schemas)
    ? readdirSync(schemas)
        .filter((file) => file !== 'Config.json' && file !== 'Custom.json')
        .flatMap((file) => {
          const schema: Schema = JSON.parse(readFileSync(new URL(file, schemas), 'utf8'));
          return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
            section: file.replace('.json', ''),
            name,
            property,
            required: schema.required?.includes(name) === true,
          }));
        })
    : [];

  test('has the same keys', () => {
    expect([...keyNames].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  test.each(rows)('$section.$name', ({ section, name, property, required }) => {
    if (!isKeyName(name)) throw new Error('missing');
    const spec: KeySpec = keySpecs[name];
    const { type, readOnly, minimum, maximum, minLength, maxLength, default: standard } = property;
    expect({
      section: spec.section,
      type: spec.type,
      access: spec.access,
      min: spec.min,
      max: spec.max,
      minLength: spec.minLength,
      maxLength: spec.maxLength,
      presence: spec.presence,
      default: spec.presence === 'default' ? spec.default : undefined,
    }).toEqual({
      section,
      type: type === 'array' ? 'list' : type,
      access: readOnly === true ? 'RO' : 'RW',
      min: minimum,
      max: maximum,
      minLength: type === 'object' ? undefined : minLength,
      maxLength,
      presence: required ? 'required' : standard === undefined ? 'optional' : 'default',
      default: required ? undefined : standard,
      ...DIFFERS[name],
    });
  });
});

describe('the table', () => {
  test('finds keys whatever the case of their letters', () => {
    expect(findKey('heartbeatINTERVAL')).toBe('HeartbeatInterval');
    expect(findKey('Heartbeat')).toBeUndefined();
    expect(findKey('constructor')).toBeUndefined();
    expect(isKeyName('toString')).toBe(false);
  });

  test('has defaults that its own rules allow', () => {
    for (const name of keyNames) {
      const spec: KeySpec = keySpecs[name];
      if (spec.presence !== 'default') continue;
      expect(spec.default).toBeDefined();
      expect(checkValue(spec, spec.default)).toBeUndefined();
    }
  });

  test('names items limits that exist', () => {
    for (const name of keyNames) {
      const spec: KeySpec = keySpecs[name];
      if (spec.itemsLimit !== undefined) expect(isKeyName(spec.itemsLimit)).toBe(true);
    }
  });
});
