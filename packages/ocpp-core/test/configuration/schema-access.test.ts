import { mkdirSync } from 'node:fs';
import { silentLogger } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Configuration } from '../../src/configuration/configuration.ts';
import { ConfigurationFolder } from '../support/configuration-folder.ts';
import { documentWith } from '../support/sample-configuration.ts';

interface Given {
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly access?: 'RW' | 'RO';
}

function statuses(folder: ConfigurationFolder, { schemas = {}, access }: Given): string[] {
  mkdirSync(folder.at('profile_schemas'));
  for (const [section, content] of Object.entries(schemas)) folder.write(`profile_schemas/${section}.json`, content);
  const configuration = Configuration.load({
    baseFile: folder.write('config.json', documentWith({})),
    userFile: folder.at('user.json'),
    connectors: 1,
    log: silentLogger,
    ...(access && { access: { CentralSystemURI: access } }),
  });
  return [
    configuration.change('CentralSystemURI', 'ws://other.example'),
    configuration.change('UnlockConnectorOnEVSideDisconnect', 'false'),
    configuration.change('ChargePointId', 'x'),
  ];
}

const open = { properties: { CentralSystemURI: { readOnly: false }, ChargePointId: { readOnly: false } } };

describe('a schema beside the configuration', () => {
  test('opens the address of the CSMS, which counts after a restart and is kept; and no other key', () => {
    using folder = new ConfigurationFolder();
    expect(statuses(folder, { schemas: { Internal: open } })).toEqual(['RebootRequired', 'Accepted', 'Rejected']);
    expect(folder.read('user.json')).toMatchObject({ Internal: { CentralSystemURI: 'ws://other.example' } });
  });

  test.each([
    ['closes the unlocking', { Core: { properties: { UnlockConnectorOnEVSideDisconnect: { readOnly: true } } } }],
    ['that says nothing changes nothing', { Core: {}, Internal: { properties: { CentralSystemURI: {} } } }],
    ['that cannot be read changes nothing', { Internal: '{', Core: '[]' }],
  ])('%s', (name, schemas) => {
    using folder = new ConfigurationFolder();
    const unlocking = name === 'closes the unlocking' ? 'Rejected' : 'Accepted';
    expect(statuses(folder, { schemas })).toEqual(['Rejected', unlocking, 'Rejected']);
  });

  test('what the integrator says in code counts more', () => {
    using folder = new ConfigurationFolder();
    expect(statuses(folder, { schemas: { Internal: open }, access: 'RO' })[0]).toBe('Rejected');
  });
});
