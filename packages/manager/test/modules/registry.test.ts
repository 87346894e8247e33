import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { ModuleLibrary } from '../../src/index.ts';
import { builtinModules } from '../../src/modules/registry.ts';

/** The names of all modules whose code is in the repository. */
function definedModules(): string[] {
  const packages = join(repositoryFolder, 'packages');
  return readdirSync(packages)
    .filter((name) => name !== 'framework')
    .flatMap((name) => {
      const source = join(packages, name, 'src');
      return readdirSync(source, { recursive: true, encoding: 'utf8' })
        .filter((path) => path === 'module.ts' || path.endsWith('/module.ts'))
        .flatMap((path) => {
          const text = readFileSync(join(source, path), 'utf8');
          return [...text.matchAll(/defineModule\(\s*'(\w+)'/g)].map(([, module = '']) => module);
        });
    })
    .sort();
}

test('every module that is defined here can be started', () => {
  expect(Object.keys(builtinModules).sort()).toEqual(definedModules());
});

test.each(Object.keys(builtinModules))('%s is found in its package', async (module) => {
  const library = ModuleLibrary.open({ names: [], moduleFolders: [] });
  expect(library.hasImplementation(module)).toBe(true);
  expect((await library.load(module)).name).toBe(module);
});
