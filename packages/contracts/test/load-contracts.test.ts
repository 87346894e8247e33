import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkDocument, loadContracts, repositoryFolder } from '../src/index.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'contracts-')), 'Greeter');
});

afterEach(() => {
  rmSync(dirname(folder), { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const MANIFEST = `description: Greets.
config:
  greeting: {description: What to say., type: string, default: hello, maxLength: 10}
provides:
  main: {description: Greets., interface: hello}
requires:
  meter: {interface: powermeter, min_connections: 0}
metadata: {license: https://opensource.org/licenses/Apache-2.0, authors: [Somebody]}
`;

const INTERFACE = `description: Greetings.
cmds:
  greet:
    description: Says hello to a card.
    arguments:
      token: {description: Whom., type: object, $ref: /authorization#/IdToken}
    result: {description: What was said., type: string, $ref: /hello#/Phrase}
vars:
  greeted: {description: Number so far., x-kind: state, type: integer, unit: greetings}
errors:
  - reference: /errors/generic#/VendorWarning
`;

const TYPES = `description: Types of greetings.
types:
  Phrase: {description: A phrase., type: string, minLength: 2}
`;

describe('the contracts that come with the mesh', () => {
  test('are loaded once', () => {
    expect(loadContracts()).toBe(loadContracts([repositoryFolder]));
  });

  test('have their defaults filled in', () => {
    const contracts = loadContracts();
    const { commands, variables, errors } = contracts.interface('evse_board_support');
    expect(commands.enable).toMatchObject({ result: { type: 'null' }, deadlineS: 5 });
    expect(variables.event?.kind).toBe('event');
    expect(variables.capabilities?.kind).toBe('state');
    expect(errors).toContain('ac_rcd/DC');
    const manifest = contracts.manifest('EvseManager');
    expect(manifest.requires.bsp).toEqual({
      interface: 'evse_board_support',
      minConnections: 1,
      maxConnections: 1,
      ignore: { vars: [], errors: false },
      rejoin: expect.stringContaining('board'),
    });
    expect(manifest.config.ac_nominal_voltage).toMatchObject({ type: 'number', default: 230, mutability: 'ReadOnly' });
    expect(manifest.config.connector_id).not.toHaveProperty('default');
  });

  test('every interface and type that is named exists', () => {
    const contracts = loadContracts();
    for (const module of contracts.moduleNames) {
      const { provides, requires } = contracts.manifest(module);
      for (const { interface: name } of [...Object.values(provides), ...Object.values(requires)]) {
        expect(contracts.findInterface(name)).toBeDefined();
      }
    }
  });

  test('a command that waits for a card or a firmware has time, one to the board has little', () => {
    const contracts = loadContracts();
    expect(contracts.interface('auth_token_validator').commands.validate_token?.deadlineS).toBeGreaterThanOrEqual(60);
    expect(contracts.interface('evse_board_support').commands.allow_power_on?.deadlineS).toBeLessThanOrEqual(10);
  });
});

describe('the folder of a third-party module', () => {
  test('adds its manifest, interface and types, and validators for them', () => {
    write('manifest.yaml', MANIFEST);
    write('interfaces/hello.yaml', INTERFACE);
    write('types/hello.yaml', TYPES);
    const contracts = loadContracts([repositoryFolder, folder]);
    expect(contracts.manifest('Greeter').provides.main?.interface).toBe('hello');
    expect(contracts.interface('hello').errors).toEqual(['generic/VendorWarning']);
    expect(contracts.interface('hello').variables.greeted?.kind).toBe('state');
    const { validators } = contracts;
    expect(validators.commandArgs('hello', 'greet')({ token: { value: 'a', type: 'ISO14443' } })).toEqual([]);
    expect(validators.commandArgs('hello', 'greet')({ token: { value: 'a' } })).toEqual([
      { path: 'args.token.type', message: 'is missing' },
    ]);
    expect(validators.commandResult('hello', 'greet')('a')).toEqual([
      { path: 'result', message: 'is "a", must have at least 2 characters' },
    ]);
    expect(validators.variable('hello', 'greeted')(1)).toEqual([]);
    expect(validators.config('Greeter')({ greeting: 'far too long' })[0]?.path).toBe('greeting');
    expect(contracts.wireInterface('hello').vars.greeted).toEqual({ type: 'integer', unit: 'greetings', qos: 2 });
    expect(validators.variable('powermeter', 'public_key_ocmf')('key')).toEqual([]);
    expect(loadContracts().findManifest('Greeter')).toBeUndefined();
  });

  test('a fault names the folder, the file and the place', () => {
    write('interfaces/hello.yaml', INTERFACE.replace('x-kind: state', 'x-kind: sometimes'));
    expect(() => loadContracts([folder])).toThrow(
      expect.objectContaining({
        code: 'CONTRACT_INVALID',
        message: `${folder}: interface hello: vars.greeted.x-kind is "sometimes", must be one of state, event`,
      }),
    );
  });

  test('a file that is no YAML is named', () => {
    write('types/hello.yaml', 'description: [');
    expect(() => loadContracts([folder])).toThrow(expect.objectContaining({ code: 'CONTRACT_UNREADABLE' }));
  });

  test('errors that do not exist are named when the interface is used', () => {
    write('interfaces/hello.yaml', INTERFACE.replace('/errors/generic#', '/errors/nowhere#'));
    const contracts = loadContracts([folder]);
    expect(() => contracts.interface('hello')).toThrow(/hello refers to the errors \/errors\/nowhere/);
  });

  test('may carry a copy of a contract, but not change it', () => {
    const copy = 'description: Theirs.\nerrors:\n';
    const generic = ['CommunicationFault', 'VendorError', 'VendorWarning'];
    write('errors/generic.yaml', copy + generic.map((name) => `  - {name: ${name}, description: Theirs.}\n`).join(''));
    expect(loadContracts([folder]).errors('generic').errors.VendorError).not.toBe('Theirs.');
    write('errors/generic.yaml', `${copy}  - {name: Other, description: Theirs.}\n`);
    expect(() => loadContracts([folder])).toThrow(expect.objectContaining({ code: 'CONTRACT_DUPLICATE' }));
  });
});

describe('checkDocument', () => {
  const module = { module: 'EvseManager' };

  test('accepts a configuration', () => {
    expect(checkDocument('configuration', { active_modules: { evse_1: module } })).toEqual([]);
    expect(checkDocument('configuration', { settings: { mqtt_broker_host: 'broker' } })).toEqual([]);
  });

  test.each([
    [{ active_modules: { 'evse 1': module } }, 'active_modules["evse 1"]'],
    [{ active_modules: { evse_1: {} } }, 'active_modules.evse_1.module'],
    [{ active_modules: { evse_1: { ...module, config: {} } } }, 'active_modules.evse_1.config'],
    [{ active_modules: { evse_1: { ...module, config_module: { a: [1] } } } }, 'active_modules.evse_1.config_module.a'],
    [
      { active_modules: { evse_1: { ...module, mapping: { implementations: { evse: {} } } } } },
      'active_modules.evse_1.mapping.implementations.evse.evse',
    ],
    [{ modules: {} }, 'modules'],
    [{ settings: { mqtt_broker_port: 70000 } }, 'settings.mqtt_broker_port'],
  ])('names the place of a fault: %j', (document, path) => {
    expect(checkDocument('configuration', document).map((fault) => fault.path)).toEqual([path]);
  });

  test('a user configuration deletes by null', () => {
    expect(checkDocument('user-config', { active_modules: { evse_1: { config_module: { evse_id: null } } } })).toEqual(
      [],
    );
    expect(checkDocument('user-config', { active_modules: { evse_1: null } })).toEqual([]);
  });
});
