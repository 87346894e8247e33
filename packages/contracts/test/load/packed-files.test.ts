import { describe, expect, test } from '@jest/globals';
import { repositoryFolder } from '../../src/index.ts';
import { packFiles, unpackFiles } from '../../src/load/packed-files.ts';
import { readContractFiles } from '../../src/load/read-contract-files.ts';

describe('packed contract files', () => {
  test('unpack to the same', () => {
    const files = readContractFiles(repositoryFolder);
    expect(unpackFiles(packFiles(files))).toEqual(files);
  });

  test('are parsed when they are looked at, and once', () => {
    const broken = JSON.stringify({
      interfaces: { good: '{"description":"good"}', bad: '{' },
      types: {},
      errors: {},
      manifests: {},
    });
    const { interfaces } = unpackFiles(broken);
    expect(Object.keys(interfaces)).toEqual(['good', 'bad']);
    expect(interfaces.good).toBe(interfaces.good);
    expect(() => interfaces.bad).toThrow(SyntaxError);
  });
});
