import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Configuration } from '../../src/configuration/configuration.ts';
import { keyNames, keySpecs } from '../../src/configuration/keys.ts';
import { createFrameValidator } from '../../src/schemas/frame-validator.ts';
import { repository } from '../../tools/generated-files.ts';
import { configurationWith } from '../support/sample-configuration.ts';

const golden = new URL('../shared/reference/golden/', repository);
const whereReference = existsSync(golden) ? test : test.skip;

describe('Configuration.get', () => {
  test('gives values in their types, defaults where there are none, undefined for what the station lacks', () => {
    const configuration = configurationWith();
    expect(configuration.get('HeartbeatInterval')).toBe(300);
    expect(configuration.get('LocalAuthorizeOffline')).toBe(true);
    expect(configuration.get('SupportedCiphers13')).toEqual(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256']);
    expect(configuration.get('WaitForStopTransactionsOnResetTimeout')).toBe(60);
    expect(configuration.get('MinimumStatusDuration')).toBeUndefined();
    expect(configuration.get('AuthorizationKey')).toBeUndefined();
  });

  test('NumberOfConnectors is what the mesh has', () => {
    expect(configurationWith({ Core: { NumberOfConnectors: 7 } }, { connectors: 3 }).get('NumberOfConnectors')).toBe(3);
  });

  test('keys of a feature profile count while it is supported', () => {
    const list = { LocalAuthListEnabled: true, LocalAuthListMaxLength: 5, SendLocalListMaxLength: 5 };
    const off = configurationWith({ LocalAuthListManagement: list });
    expect(off.get('LocalAuthListEnabled')).toBeUndefined();
    expect(off.read(['LocalAuthListEnabled']).unknownKey).toEqual(['LocalAuthListEnabled']);
    expect(off.change('LocalAuthListEnabled', 'false')).toBe('NotSupported');
    const on = configurationWith({
      Core: { SupportedFeatureProfiles: 'Core,LocalAuthListManagement' },
      LocalAuthListManagement: list,
    });
    expect(on.get('LocalAuthListEnabled')).toBe(true);
    expect(on.change('LocalAuthListEnabled', 'false')).toBe('Accepted');
  });

  test('B.2: ReserveConnectorZeroSupported can be read though reservations are off', () => {
    const configuration = configurationWith({ Reservation: { ReserveConnectorZeroSupported: false } });
    expect(configuration.read(['ReserveConnectorZeroSupported']).configurationKey).toEqual([
      { key: 'ReserveConnectorZeroSupported', readonly: true, value: 'false' },
    ]);
  });
});

describe('Configuration.read', () => {
  whereReference('A-22: tells all keys as the reference does, in its order', () => {
    const frames = gunzipSync(readFileSync(new URL('ocpp-misc.jsonl.gz', golden))).toString();
    const line = frames.split('\n').find((text) => text.includes('"configurationKey"')) ?? '';
    const told: { key: string; readonly: boolean; value: string }[] = JSON.parse(line).frame[2].configurationKey;
    const configuration = Configuration.load({
      baseFile: new URL('ocpp-config.json', golden).pathname,
      connectors: 1,
      log: silentLogger,
    });
    configuration.set('MeterPublicKeys', ['TESTPUBLICKEY1']);
    configuration.set('HeartbeatInterval', 300);
    const address = configuration.get('CentralSystemURI');
    const expected = told.map((entry) => (entry.key === 'CentralSystemURI' ? { ...entry, value: address } : entry));
    expect(configuration.read([])).toEqual({ configurationKey: expected, unknownKey: [] });
  });

  test('EVerest-1796: tells by name and among all every key that has a value', () => {
    const configuration = configurationWith();
    const all = configuration.read([]).configurationKey.map(({ key }) => key);
    const withValue = keyNames.filter((key) => configuration.get(key) !== undefined);
    expect(all).toEqual(withValue);
    for (const key of withValue) expect(configuration.read([key]).configurationKey).toHaveLength(1);
  });

  test('A-21: never tells the AuthorizationKey', () => {
    const configuration = configurationWith({ Security: { AuthorizationKey: 'very-secret-indeed' } });
    expect(JSON.stringify(configuration.read([]))).not.toContain('very-secret');
    expect(configuration.read(['AuthorizationKey'])).toEqual({
      configurationKey: [],
      unknownKey: ['AuthorizationKey'],
    });
  });

  test('open-ocpp-193: takes names in any case of letters, and tells them in the right one', () => {
    const { configurationKey, unknownKey } = configurationWith().read([
      'HEARTBEATINTERVAL',
      'heartbeatinterval',
      'Nope',
      'Nope',
    ]);
    expect(configurationKey).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '300' }]);
    expect(unknownKey).toEqual(['Nope']);
  });

  test('an optional key that is absent is unknown', () => {
    expect(configurationWith().read(['BlinkRepeat']).unknownKey).toEqual(['BlinkRepeat']);
    expect(configurationWith({ Core: { BlinkRepeat: 0 } }).read(['BlinkRepeat']).configurationKey).toHaveLength(1);
  });

  test('ocpp-1265: answers no more keys than GetConfigurationMaxKeys', () => {
    const configuration = configurationWith({ Core: { GetConfigurationMaxKeys: 30 } });
    const asked = Array.from({ length: 200 }, (_, index) => `Key${index}`);
    expect(configuration.read(asked).unknownKey).toEqual(asked.slice(0, 30));
    expect(configuration.read([]).configurationKey.length).toBeGreaterThan(30);
  });

  test('ocpp-1265: a value that is too long for OCPP is cut, and the answer stays valid', () => {
    const configuration = configurationWith({ Security: { CpoName: 'é'.repeat(551) } });
    const { configurationKey } = configuration.read(['CpoName']);
    expect([...(configurationKey[0]?.value ?? '')]).toHaveLength(500);
    expect(createFrameValidator().response('GetConfiguration', { configurationKey })).toEqual([]);
  });

  test('lists are joined as their readers want them', () => {
    const { configurationKey } = configurationWith().read(['SupportedCiphers12', 'LogMessagesFormat']);
    expect(configurationKey.map(({ value }) => value)).toEqual([
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-GCM-SHA384',
      'log,html,session_logging,security',
    ]);
  });

  test('C-52: the public keys of meters go by number', () => {
    const configuration = configurationWith();
    expect(configuration.read(['MeterPublicKey1']).unknownKey).toEqual(['MeterPublicKey1']);
    configuration.set('MeterPublicKeys', ['first', 'second']);
    expect(configuration.read(['meterpublickey2', 'MeterPublicKey3', 'MeterPublicKeys', 'MeterPublicKey0'])).toEqual({
      configurationKey: [{ key: 'MeterPublicKey2', readonly: true, value: 'second' }],
      unknownKey: ['MeterPublicKey3', 'MeterPublicKeys', 'MeterPublicKey0'],
    });
    expect(configuration.read([]).configurationKey.filter(({ key }) => key.startsWith('MeterPublicKey'))).toHaveLength(
      2,
    );
    expect(configuration.change('MeterPublicKey1', 'x')).toBe('Rejected');
    expect(configuration.change('MeterPublicKey3', 'x')).toBe('NotSupported');
  });

  test('tells as writable exactly what it lets a CSMS write', () => {
    const configuration = configurationWith({ Security: { CpoName: 'x' } });
    for (const { key, readonly } of configuration.read([]).configurationKey) {
      const value = configuration.read([key]).configurationKey[0]?.value ?? '';
      // Only upwards, whatever is said of it.
      if (key === 'SecurityProfile') continue;
      expect([key, configuration.change(key, value)]).toEqual([key, readonly ? 'Rejected' : 'Accepted']);
    }
    expect(keySpecs.SecurityProfile.access).toBe('RW');
  });
});
