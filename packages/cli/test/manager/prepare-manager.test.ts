import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findConfiguration } from '../../src/manager/find-configuration.ts';
import { ManagerFlags } from '../../src/manager/manager-flags.ts';
import { managerPrefix } from '../../src/manager/manager-prefix.ts';
import { prepareManager } from '../../src/manager/prepare-manager.ts';
import { managerState } from '../../src/manager/state-folder.ts';
import { runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const prefix = temporaryFolder();
const file = join(prefix, 'mesh.yaml');
const made = join(temporaryFolder(), 'dist');

function prepare(text: string, ...words: string[]) {
  writeFileSync(file, text);
  return prepareManager({ flags: ManagerFlags.parse(words), file, prefix, valuesFile: undefined });
}

const station = (more: string): string => `settings: {mqtt_everest_prefix: e1, mqtt_external_prefix: external_x}
active_modules:
  ocpp:
    module: OCPP
    config_module: {ChargePointConfigPath: config.json${more}}
    connections:
      evse_manager: [{module_id: probe, implementation_id: evse}]
      reservation: [{module_id: probe, implementation_id: reservation}]
      auth: [{module_id: probe, implementation_id: auth}]
      system: [{module_id: probe, implementation_id: system}]
      security: [{module_id: probe, implementation_id: security}]
  store: {module: PersistentStore, config_module: {sqlite_db_file_path: everest_persistent_store.db}}
  other_store: {module: PersistentStore}
  probe: {module: ProbeModule}
`;

test('relative paths lead into the installation, or, those of the store, to the current folder; others stay', () => {
  const { configuration, searchPaths, findings } = prepare(station(', UserConfigPath: user_config.json'));
  expect(findings).toEqual([]);
  const configOf = (id: string) => configuration?.modules.find((module) => module.id === id)?.config;
  const ocpp = join(prefix, 'share/everest/modules/OCPP');
  expect(searchPaths[0]).toBe(ocpp);
  expect(configOf('ocpp')?.UserConfigPath).toBe(join(ocpp, 'user_config.json'));
  expect(configOf('store')?.sqlite_db_file_path).toBe(join(process.cwd(), 'everest_persistent_store.db'));
  expect(configOf('other_store')?.sqlite_db_file_path).toBe('everest_persistent_store.db');
  expect(configuration?.settings.prefix).toBe(prefix);
});

test('a path that is not given stays the manifest’s, an absolute one what it is', () => {
  const configOf = (more: string) =>
    prepare(station(more)).configuration?.modules.find(({ id }) => id === 'ocpp')?.config.UserConfigPath;
  expect(configOf('')).toBe('user_config.json');
  expect(configOf(', UserConfigPath: /data/user.json')).toBe('/data/user.json');
});

test('a probe is waited for without being named, and names that the configuration does not have are passed over', () => {
  const { configuration, findings } = prepare(station(''), '--standalone', 'probe', 'nobody', '--ignore', 'none');
  expect(findings).toEqual([]);
  expect(configuration?.modules.filter(({ standalone }) => standalone).map(({ id }) => id)).toEqual(['probe']);
  const probe = configuration?.modules.find(({ id }) => id === 'probe');
  expect(Object.keys(probe?.manifest.provides ?? {}).sort()).toEqual([
    'auth',
    'evse',
    'reservation',
    'security',
    'system',
  ]);
});

test('the prefix of topics on the command line comes before the file’s', () => {
  expect(prepare(station('')).configuration?.settings).toMatchObject({
    meshPrefix: 'e1/',
    externalPrefix: 'external_x',
  });
  const flagged = prepare(station(''), '--mqtt_everest_prefix', 'e2/').configuration;
  expect(flagged?.settings).toMatchObject({ meshPrefix: 'e2/', externalPrefix: 'external_x' });
});

test('OCPPmulti that speaks 1.6 alone is OCPP, with its paths in the installation', () => {
  const text = station(', UserConfigPath: mine.json, Mode: Only1.6').replace('module: OCPP', 'module: OCPPmulti');
  const ocpp = prepare(text).configuration?.modules.find(({ id }) => id === 'ocpp');
  expect(ocpp?.name).toBe('OCPP');
  expect(ocpp?.config.UserConfigPath).toBe(join(prefix, 'share/everest/modules/OCPP/mine.json'));
});

test('a configuration is found by path, or by name in the installation; without one its default is taken', () => {
  const etc = join(prefix, 'etc/everest');
  mkdirSync(etc, { recursive: true });
  writeFileSync(join(etc, 'named.yaml'), '');
  writeFileSync(join(etc, 'default.json'), '{}');
  writeFileSync(file, '');
  expect(findConfiguration(file, prefix)).toBe(file);
  expect(findConfiguration('named', prefix)).toBe(join(etc, 'named.yaml'));
  expect(findConfiguration('named.yaml', prefix)).toBe(join(etc, 'named.yaml'));
  expect(findConfiguration(undefined, prefix)).toBe(join(etc, 'default.json'));
  expect(() => findConfiguration('absent', prefix)).toThrow('there is no configuration absent');
});

test('state lies beside the database, else in the folder of the configuration', () => {
  expect(managerState('/data/x.db', file, {})).toBe('/data/x.db.state');
  const folders = [file, `${file}2`].map((path) => managerState(undefined, path, { XDG_STATE_HOME: '/s' }));
  expect(new Set(folders).size).toBe(2);
  expect(folders[0]).toMatch(/^\/s\/chargemesh\/mesh-[0-9a-f]{8}$/);
});

test('an installation is laid out, is found by the program in it, and what was changed in it stays', async () => {
  expect((await runCli('make-prefix', made)).code).toBe(0);
  expect(managerPrefix(undefined, join(made, 'bin/manager'))).toBe(made);
  expect(managerPrefix(undefined, '/usr/local/nowhere/bin/manager')).toBeUndefined();
  expect(findConfiguration(undefined, made)).toBe(join(made, 'etc/everest/default.yaml'));
  const changed = join(made, 'share/everest/modules/OCPP/config.json');
  writeFileSync(changed, '{}');
  expect((await runCli('make-prefix', made, '--json')).out).toContain(made);
  expect(readFileSync(changed, 'utf8')).toBe('{}');
  for (const path of [
    'share/everest/interfaces/evse_manager.yaml',
    'share/everest/types/authorization.yaml',
    'share/everest/errors',
    'share/everest/schemas',
    'share/everest/www',
    'share/everest/modules/OCPP/component_config',
    'share/everest/modules/OCPP/device_model_migrations',
    'libexec/everest/modules',
    'etc/everest/default_logging.cfg',
    'etc/everest/certs/ca',
    'etc/everest/certs/client',
  ])
    expect({ path, there: existsSync(join(made, path)) }).toEqual({ path, there: true });
});
