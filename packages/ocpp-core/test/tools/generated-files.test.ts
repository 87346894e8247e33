import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { keyNames, keySpecs } from '../../src/configuration/keys.ts';
import { configurationSchema } from '../../tools/configuration-schema.ts';
import { generatedFiles, repository } from '../../tools/generated-files.ts';
import { documentWith } from '../support/sample-configuration.ts';

describe('what is made from the key table', () => {
  test.each([...generatedFiles()])(
    '%s is up to date (packages/ocpp-core/tools/generate.ts makes it)',
    (path, content) => {
      expect(readFileSync(new URL(path, repository), 'utf8')).toBe(content);
    },
  );

  test('the schema takes what a station starts with, and knows every key', () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(configurationSchema());
    expect(validate(documentWith({}))).toBe(true);
    for (const name of keyNames.filter((key) => keySpecs[key].type === 'integer')) {
      const { section } = keySpecs[name];
      validate(documentWith({ [section]: { [name]: 'no number' } }));
      expect((validate.errors ?? []).map(({ instancePath }) => instancePath)).toContain(`/${section}/${name}`);
    }
  });

  test('the schema refuses what a station would not start with', () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(configurationSchema());
    const wrong = [
      documentWith({ Core: { MeterValuesSampledData: 'Voltage,Volume' } }),
      documentWith({ Core: { SupportedFeatureProfiles: 'Core;Reservation' } }),
      documentWith({ Internal: { ChargePointId: 'cp:1' } }),
      documentWith({ Core: { Unknown: 1 } }),
      documentWith({ Extra: {} }),
    ];
    expect(wrong.map((document) => validate(document))).toEqual([false, false, false, false, false]);
    const right = documentWith({ Core: { MeterValuesSampledData: 'Voltage, SoC', StopTxnSampledData: '' } });
    expect(validate(right)).toBe(true);
  });
});
