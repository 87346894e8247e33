import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Finding, prepareMesh } from '../../src/index.ts';
import { builtinModules } from '../../src/modules/registry.ts';
import { referencePath } from '../reference.ts';

const findingsOf = (configFile: string): readonly Finding[] => prepareMesh({ configFile, environment: {} }).findings;

describe('our own configurations have no fault', () => {
  const folder = join(repositoryFolder, 'config');
  const own = readdirSync(folder).filter((name) => /^config.*\.yaml$/.test(name));
  test.each([...own.map((name) => join(folder, name)), join(repositoryFolder, 'config-sil-ocpp.yaml')])(
    '%s',
    (file) => {
      expect(findingsOf(file)).toEqual([]);
    },
  );
});

const configs = referencePath('data', 'configs');

(configs === undefined ? describe.skip : describe)(
  'of configurations of EVerest, modules without code here are all that is missing',
  () => {
    test.each(configs === undefined ? [''] : readdirSync(configs))('%s', (name) => {
      const file = join(configs ?? '', name);
      const { active_modules: modules } = parse(readFileSync(file, 'utf8')) as {
        active_modules: Record<string, { module: string; config_module?: { Mode?: string } }>;
      };
      const named = Object.values(modules).map(({ module, config_module: config }) =>
        module === 'OCPPmulti' && config?.Mode === 'Only1.6' ? 'OCPP' : module,
      );
      const missing = new Set(named.filter((module) => !Object.hasOwn(builtinModules, module)));
      const findings = findingsOf(file);
      expect(new Set(findings.map(({ code }) => code))).toEqual(
        new Set(missing.size > 0 ? ['CONFIG_MODULE_UNAVAILABLE'] : []),
      );
      expect(findings.map(({ message }) => /module (\w+) here/.exec(message)?.[1] ?? message).sort()).toEqual(
        [...missing].sort(),
      );
    });
  },
);
