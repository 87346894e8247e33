import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder } from '../../src/index.ts';

describe('makeFolder', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'make-folder-'));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  test('makes what is missing, and leaves what is there', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  test('says where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(root, 'file', 'below'))).toThrow('ENOTDIR');
  });

  // Node's recursive mkdir never comes back from there.
  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('comes back from a file system that takes no folders', () => {
    expect(() => makeFolder('/proc/none/below')).toThrow('ENOENT');
  });
});
