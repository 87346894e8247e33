import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { silentLogger } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Configuration, type LoadOptions } from '../../src/configuration/configuration.ts';
import { OcppConfigurationError } from '../../src/configuration/ocpp-configuration-error.ts';
import { ConfigurationFolder } from '../support/configuration-folder.ts';
import { documentWith } from '../support/sample-configuration.ts';

const load = (options: Omit<LoadOptions, 'connectors' | 'log'>): Configuration =>
  Configuration.load({ connectors: 2, log: silentLogger, ...options });

function errorOf(work: () => unknown): OcppConfigurationError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof OcppConfigurationError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
}

describe('the layers of a configuration', () => {
  test("B-04, D5: the user's file lies over the base file, this run's flags over both", () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write(
      'base.json',
      documentWith({ Core: { HeartbeatInterval: 1, ResetRetries: 1, BlinkRepeat: 1 } }),
    );
    const userFile = folder.write('user.json', { Core: { HeartbeatInterval: 2, ResetRetries: 2, BlinkRepeat: null } });
    const configuration = load({ baseFile, userFile, overrides: { resetretries: 3, ChargePointId: 'cp7' } });
    expect(configuration.get('HeartbeatInterval')).toBe(2);
    expect(configuration.get('ResetRetries')).toBe(3);
    expect(configuration.get('BlinkRepeat')).toBeUndefined();
    expect(configuration.get('ChargePointId')).toBe('cp7');
  });

  test("B-05: changes go to the user's file alone, beside what it has", () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({}));
    const userFile = folder.write('user.json', { Core: { ResetRetries: 9 }, Security: { CpoName: 'x' } });
    const before = readFileSync(baseFile, 'utf8');
    const configuration = load({ baseFile, userFile, overrides: { ChargePointId: 'cp7' } });
    configuration.change('HeartbeatInterval', '5');
    configuration.set('MeterPublicKeys', ['key']);
    configuration.change('CpoName', 'y');
    expect(folder.read('user.json')).toEqual({
      Core: { ResetRetries: 9, HeartbeatInterval: 5 },
      Security: { CpoName: 'y' },
      Internal: { MeterPublicKeys: ['key'] },
    });
    expect(readFileSync(baseFile, 'utf8')).toBe(before);
    expect(load({ baseFile, userFile }).get('HeartbeatInterval')).toBe(5);
    expect(load({ baseFile, userFile }).get('ChargePointId')).toBe('cp001');
  });

  test('D5: what a CSMS sets over a flag counts in this run and is kept; the flag comes back with the next one', () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({ Security: { AuthorizationKey: 'from-the-file' } }));
    const files = { baseFile, userFile: folder.at('user.json') };
    const flags = { overrides: { AuthorizationKey: 'from-the-flag' } };
    const configuration = load({ ...files, ...flags });
    configuration.change('AuthorizationKey', 'from-the-csms');
    expect(configuration.get('AuthorizationKey')).toBe('from-the-csms');
    expect(folder.read('user.json')).toEqual({ Security: { AuthorizationKey: 'from-the-csms' } });
    expect(load({ ...files, ...flags }).get('AuthorizationKey')).toBe('from-the-flag');
    expect(load(files).get('AuthorizationKey')).toBe('from-the-csms');
  });

  test('a key that the station takes away stays away, though the base file has it', () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({ Core: { BlinkRepeat: 1 } }));
    const files = { baseFile, userFile: folder.at('user.json') };
    load(files).set('BlinkRepeat', undefined);
    expect(load(files).get('BlinkRepeat')).toBeUndefined();
  });

  test("B-04: a user's file that does not exist is made, with its folder, for its owner alone", () => {
    using folder = new ConfigurationFolder();
    const userFile = folder.at('deep/er/user.json');
    load({ baseFile: folder.write('base.json', documentWith({})), userFile });
    expect(JSON.parse(readFileSync(userFile, 'utf8'))).toEqual({});
    expect(statSync(userFile).mode & 0o777).toBe(0o600);
  });

  test('the flags of a run without a user file change nothing on disk', () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({}));
    expect(load({ baseFile, overrides: { ChargePointVendor: 'V' } }).change('ResetRetries', '4')).toBe('Accepted');
    expect(existsSync(folder.at('user.json'))).toBe(false);
  });

  test('a change that the disk refuses is Rejected, and forgotten', () => {
    using folder = new ConfigurationFolder();
    const said: string[] = [];
    const baseFile = folder.write('base.json', documentWith({}));
    const configuration = Configuration.load({
      baseFile,
      userFile: folder.at('user.json'),
      connectors: 1,
      log: { ...silentLogger, error: (message) => said.push(message) },
    });
    mkdirSync(folder.at('user.json.new'));
    const heard: string[] = [];
    configuration.onChange('*', (key) => heard.push(key));
    expect(configuration.change('HeartbeatInterval', '5')).toBe('Rejected');
    expect([configuration.get('HeartbeatInterval'), heard]).toEqual([300, []]);
    expect(said).toEqual(['a changed key cannot be kept']);
  });
});

describe('D5: the security profile that fits the flags', () => {
  test.each([
    [0, { CentralSystemURI: 'wss://csms' }, 2],
    [1, { CentralSystemURI: 'wss://csms' }, 2],
    [3, { CentralSystemURI: 'wss://csms' }, 3],
    [2, { CentralSystemURI: 'ws://csms' }, 0],
    [2, { CentralSystemURI: 'ws://csms', AuthorizationKey: 'password' }, 1],
    [1, { CentralSystemURI: 'WS://csms' }, 1],
    [0, { AuthorizationKey: 'password' }, 1],
    [2, { AuthorizationKey: 'password' }, 2],
    [2, { CentralSystemURI: 'csms:80' }, 2],
    [0, { CentralSystemURI: 'wss://csms', SecurityProfile: 3 }, 3],
    [1, {}, 1],
  ])('profile %d with %j is %d', (SecurityProfile, overrides, expected) => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({ Security: { SecurityProfile } }));
    expect(load({ baseFile, overrides }).get('SecurityProfile')).toBe(expected);
  });
});

describe('a configuration with faults', () => {
  test('is refused with all of them, each with its file and place, what is wrong and what would be right', () => {
    using folder = new ConfigurationFolder();
    const text = JSON.stringify(documentWith({ Core: { HeartbeatInterval: '300', LightIntensity: 101 } }), null, 2);
    const baseFile = folder.write('base.json', text);
    const userFile = folder.write('user.json', '{ "Internal": {\n  "ChargePointModel": "a model of 23 characters" } }');
    const line = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
    const error = errorOf(() => load({ baseFile, userFile }));
    expect(error.code).toBe('OCPP_CONFIG_INVALID');
    expect(error.message).toBe(
      [
        'the OCPP configuration has 3 faults:',
        `${userFile}:2:23: error: Internal.ChargePointModel has 24 characters: "a model of 23 characters" [OCPP_CONFIG_LENGTH]`,
        '    write a text of 1 to 20 characters',
        `${baseFile}:${line('"HeartbeatInterval"')}:26: error: Core.HeartbeatInterval is "300" [OCPP_CONFIG_TYPE]`,
        '    write an integer, 0 or more',
        `${baseFile}:${line('"LightIntensity"')}:23: error: Core.LightIntensity is 101 [OCPP_CONFIG_RANGE]`,
        '    write an integer from 0 to 100',
      ].join('\n'),
    );
  });

  test('a flag that cannot be names the command line', () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({}));
    const error = errorOf(() => load({ baseFile, overrides: { ChargePointVendor: 'v'.repeat(21), Nonsense: 1 } }));
    expect(error.message).toContain('command line:1:1: error: Nonsense is no configuration key');
    expect(errorOf(() => load({ baseFile, overrides: { ChargePointVendor: 'v'.repeat(21) } })).message).toContain(
      'command line:1:1: error: Internal.ChargePointVendor has 21 characters',
    );
  });

  test('warnings do not keep a station from starting, and are logged', () => {
    using folder = new ConfigurationFolder();
    const said: string[] = [];
    Configuration.load({
      baseFile: folder.write('base.json', documentWith({ Core: { ConnectionTimeOut: 5 } })),
      connectors: 1,
      log: { ...silentLogger, warn: (message) => said.push(message) },
    });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('Core.ConnectionTimeOut is 5');
  });

  test("a user's file that cannot be made is a fault of the start", () => {
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('base.json', documentWith({}));
    const error = errorOf(() => load({ baseFile, userFile: `${baseFile}/user.json` }));
    expect(error.findings).toMatchObject([{ code: 'OCPP_CONFIG_FILE', file: `${baseFile}/user.json` }]);
  });
});

test('B-01: keys of the integrator are declared by Custom.json beside the file, or by a file that is named', () => {
  using folder = new ConfigurationFolder();
  const baseFile = folder.write('base.json', documentWith({ Custom: { Example: 'x' } }));
  const schema = { properties: { Example: { type: 'string', readOnly: true } } };
  expect(load({ baseFile }).read(['Example']).configurationKey).toEqual([]);
  const customSchemaFile = folder.write('other.json', schema);
  expect(load({ baseFile, customSchemaFile }).read(['Example']).configurationKey).toHaveLength(1);
  mkdirSync(folder.at('profile_schemas'));
  folder.write('profile_schemas/Custom.json', schema);
  expect(load({ baseFile }).read(['Example']).configurationKey).toHaveLength(1);
  folder.write('Custom.json', { properties: { Example: { type: 'integer', readOnly: true } } });
  expect(errorOf(() => load({ baseFile })).findings).toMatchObject([
    { code: 'OCPP_CONFIG_CUSTOM', path: 'Custom.Example' },
  ]);
});
