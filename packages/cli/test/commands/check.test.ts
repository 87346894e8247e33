import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(before));

writeFileSync(join(folder, 'good.yaml'), 'active_modules:\n  store: {module: PersistentStore}\n');
writeFileSync(
  join(folder, 'warned.yaml'),
  'active_modules:\n  store:\n    module: PersistentStore\n    config_module: {colour: red}\n',
);
writeFileSync(
  join(folder, 'bad.yaml'),
  `active_modules:
  manager:
    module: EnergyManager
    config_module:
      update_interval: "1"
  store: {module: PersistantStore}
`,
);

describe('check', () => {
  test('of a configuration without faults', async () => {
    expect(await runCli('check', 'good.yaml')).toEqual({
      code: 0,
      out: 'good.yaml: 1 modules, ready to run\n',
      err: '',
    });
    expect(await runCli('check', 'good.yaml', '--json')).toEqual({ code: 0, out: '[]\n', err: '' });
  });

  test('says each fault with its place and what would be right, and exits with 4', async () => {
    const { code, out } = await runCli('check', 'bad.yaml');
    expect(code).toBe(4);
    expect(out.split('\n')).toEqual([
      'bad.yaml:2:3: error: EnergyManager needs energy_trunk, which is not connected [CONFIG_REQUIREMENT_UNCONNECTED]',
      '    connect it to an implementation of energy',
      'bad.yaml:5:24: error: "update_interval" of EnergyManager is the text "1" [CONFIG_VALUE_TYPE]',
      '    it has to be a whole number: write 1 without quotes',
      'bad.yaml:6:19: error: there is no module PersistantStore here (store) [CONFIG_MODULE_UNAVAILABLE]',
      '    did you mean "PersistentStore"?',
      'bad.yaml: 3 errors, 0 warnings',
      '',
    ]);
  });

  test('--json says the same for programs', async () => {
    const { code, out } = await runCli('check', 'bad.yaml', '--json');
    expect(code).toBe(4);
    const findings = JSON.parse(out);
    expect(findings).toHaveLength(3);
    expect(findings[2]).toEqual({
      severity: 'error',
      file: 'bad.yaml',
      line: 6,
      column: 19,
      path: 'active_modules.store.module',
      code: 'CONFIG_MODULE_UNAVAILABLE',
      message: 'there is no module PersistantStore here (store)',
      remedy: 'did you mean "PersistentStore"?',
    });
  });

  test('a warning alone is no failure', async () => {
    const { code, out } = await runCli('check', 'warned.yaml');
    expect(code).toBe(0);
    expect(out).toContain('warned.yaml:4:21: warning: ');
    expect(out).toContain('warned.yaml: 1 modules, ready to run (1 warning)');
  });

  test('a file that is not there is one line, and exit code 4', async () => {
    expect(await runCli('check', 'none.yaml')).toEqual({
      code: 4,
      out: '',
      err: `chargemesh: there is no configuration ${join(folder, 'none.yaml')}\n`,
    });
  });

  test('a module that somebody brings along is found with --modules, and its faults are said', async () => {
    const own = join(folder, 'own', 'Heater');
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'index.ts'), '');
    writeFileSync(
      join(own, 'manifest.yaml'),
      `description: Keeps the cabinet dry.
config:
  power_W: {description: How much., type: integer, minimum: 1}
provides: {main: {description: Its state., interface: kvs}}
metadata: {license: https://opensource.org/licenses/Apache-2.0, authors: [Somebody]}
`,
    );
    writeFileSync(
      join(folder, 'heated.yaml'),
      'active_modules:\n  heater: {module: Heater, config_module: {power_W: 0}}\n',
    );
    const without = await runCli('check', 'heated.yaml');
    expect(without.out).toContain('there is no module Heater here');
    const { code, out, err } = await runCli('check', 'heated.yaml', '--modules', 'own');
    expect([code, err]).toEqual([4, '']);
    expect(out).toContain('heated.yaml:2:53: error: "power_W" of Heater');
  });
});
