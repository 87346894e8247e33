import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildArtifacts, removeOldArtifacts } from '../../src/artifacts/build.ts';
import { repositoryFolder, sourceDigest, sourceSignature } from '../../src/artifacts/sources.ts';
import type { ContractFiles } from '../../src/index.ts';

const require = createRequire(import.meta.url);
const schemas = join(repositoryFolder, 'schemas');
const files: ContractFiles = {
  interfaces: {
    meter: { description: 'A meter.', vars: { wh: { description: 'Energy.', type: 'string', maxLength: 3 } } },
  },
  types: {},
  errors: {},
  manifests: {},
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('buildArtifacts', () => {
  test('leaves one folder, readable by all, whoever else builds the same', () => {
    buildArtifacts(files, schemas, folder, 'abc');
    const first = statSync(join(folder, 'abc')).ino;
    buildArtifacts(files, schemas, folder, 'abc');
    expect(readdirSync(folder)).toEqual(['abc']);
    expect(statSync(join(folder, 'abc')).ino).toBe(first);
    expect(statSync(join(folder, 'abc')).mode & 0o777).toBe(0o755);
  });

  test('replaces a build when told to', () => {
    buildArtifacts(files, schemas, folder, 'abc');
    const first = statSync(join(folder, 'abc')).ino;
    buildArtifacts(files, schemas, folder, 'abc', true);
    expect(readdirSync(folder)).toEqual(['abc']);
    expect(statSync(join(folder, 'abc')).ino).not.toBe(first);
  });

  test('compiles validators that need nothing else, and count characters, not code units', () => {
    buildArtifacts(files, schemas, folder, 'abc');
    const path = join(folder, 'abc', 'interfaces', 'meter.cjs');
    expect(readFileSync(path, 'utf8')).not.toContain('require(');
    const { 'var.wh': validate } = require(path);
    expect([validate('😀😀😀'), validate('😀😀😀😀'), validate(1)]).toEqual([true, false, false]);
  });

  test('leaves nothing behind when a contract is wrong', () => {
    const wrong = {
      ...files,
      interfaces: { x: { description: 'X.', vars: { a: { description: 'A.', $ref: '/no#/Such' } } } },
    };
    expect(() => buildArtifacts(wrong, schemas, folder, 'abc')).toThrow(/can't resolve reference/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('removeOldArtifacts keeps the present build, the newest four others and builds in progress', () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'present', '.build-x']) mkdirSync(join(folder, name));
  for (const [index, name] of ['present', 'a', 'b', 'c', 'd', 'e'].entries())
    utimesSync(join(folder, name), index, index);
  removeOldArtifacts(folder, 'present');
  expect(readdirSync(folder).sort()).toEqual(['.build-x', 'b', 'c', 'd', 'e', 'present']);
});

describe('sources', () => {
  test('the signature notices a touched file, the digest a changed one', () => {
    for (const name of ['interfaces', 'schemas']) mkdirSync(join(folder, name));
    const path = join(folder, 'interfaces', 'meter.yaml');
    writeFileSync(path, 'description: A meter.\n');
    const before = [sourceSignature(folder), sourceDigest(folder)];
    expect([sourceSignature(folder), sourceDigest(folder)]).toEqual(before);
    utimesSync(path, 1, 1);
    expect(sourceSignature(folder)).not.toBe(before[0]);
    expect(sourceDigest(folder)).toBe(before[1]);
    writeFileSync(path, 'description: A meter!\n');
    expect(sourceDigest(folder)).not.toBe(before[1]);
  });
});
