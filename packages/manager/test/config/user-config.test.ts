import { describe, expect, test } from '@jest/globals';
import { checkText, marksOf, placeOf } from './check-text.ts';

const base = `active_modules:
  auth:
    module: Auth
    config_module: {connection_timeout: 20, stop_transaction_on_reswipe: false}
    connections:
      token_provider: [{module_id: reader, implementation_id: main}]
      token_validator: [{module_id: played, implementation_id: validator}]
      evse_manager: [{module_id: played, implementation_id: evse}]
  reader:
    module: DummyTokenProviderManual
    config_implementation: {main: {mqtt_topic: cards}}
  played: {module: ProbeModule}
`;

const configOf = (id: string, userConfig: string) => {
  const { findings, configuration } = checkText(base, { userConfig });
  expect(findings).toEqual([]);
  return configuration?.modules.find((module) => module.id === id);
};

describe('a user configuration is laid over the file (RFC 7396)', () => {
  test('a value replaces a value, and the others stay', () => {
    const auth = configOf('auth', 'active_modules: {auth: {config_module: {connection_timeout: 60}}}');
    expect(auth?.config).toMatchObject({ connection_timeout: 60, stop_transaction_on_reswipe: false });
  });

  test('null deletes: the default of the manifest comes through', () => {
    const auth = configOf('auth', 'active_modules: {auth: {config_module: {stop_transaction_on_reswipe: null}}}');
    expect(auth?.config.stop_transaction_on_reswipe).toBe(true);
  });

  test('a list replaces a list', () => {
    const more = '[{module_id: played, implementation_id: a}, {module_id: played, implementation_id: b}]';
    const auth = configOf('auth', `active_modules: {auth: {connections: {evse_manager: ${more}}}}`);
    expect(auth?.connections.evse_manager?.map(({ implementationId }) => implementationId)).toEqual(['a', 'b']);
  });

  test('a module is added', () => {
    expect(configOf('store', 'active_modules: {store: {module: PersistentStore}}')?.name).toBe('PersistentStore');
  });

  test('an empty one changes nothing', () => {
    expect(configOf('auth', '')?.config.connection_timeout).toBe(20);
  });
});

describe('a fault is placed in the file that it was written in', () => {
  test('of a value in the user configuration', () => {
    const userConfig = 'active_modules:\n  auth:\n    config_module:\n      connection_timeout: «soon\n';
    const { findings } = checkText(base, { userConfig });
    expect(findings.map((finding) => [finding.file, placeOf(finding), finding.code])).toEqual([
      ['user-config/mesh.yaml', ...marksOf(userConfig), 'CONFIG_VALUE_TYPE'],
    ]);
  });

  test('of a value in the file below it', () => {
    const text = base.replace('{connection_timeout: 20,', '{connection_timeout: «soon,');
    const { findings } = checkText(text, { userConfig: 'active_modules: {auth: {config_module: {}}}' });
    expect(findings.map((finding) => [finding.file, placeOf(finding)])).toEqual([['mesh.yaml', ...marksOf(text)]]);
  });

  test('of its syntax', () => {
    const { findings, configuration } = checkText(base, { userConfig: 'active_modules: {auth: {}\n' });
    expect(findings.map(({ file, code }) => [file, code])).toEqual([['user-config/mesh.yaml', 'CONFIG_YAML']]);
    expect(configuration).toBeUndefined();
  });

  test('of a value that it takes away', () => {
    const userConfig = 'active_modules:\n  auth:\n    «config_module:\n      connection_timeout: null\n';
    const { findings } = checkText(base, { userConfig });
    expect(findings.map(({ code }) => code)).toEqual(['CONFIG_VALUE_MISSING']);
    expect(findings[0]?.message).toContain('connection_timeout');
  });
});
