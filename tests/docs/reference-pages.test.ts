import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { codeFaults } from '../../tools/reference/errors-page.ts';
import { referencePages } from '../../tools/reference/pages.ts';
import { usedCodes } from '../../tools/reference/scan-codes.ts';

const root = resolve(import.meta.dirname, '../..');

test.each([...referencePages()])('%s is what `pnpm generate` writes', (path, text) => {
  const file = join(root, path);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(text);
});

test('every code that the sources use is explained, and no other', () => {
  const used = usedCodes(root);
  expect(used.length).toBeGreaterThan(90);
  expect(codeFaults(used)).toEqual([]);
});

test('a code that is not explained, and one that is not used, are found', () => {
  const used = usedCodes(root);
  expect(codeFaults([...used, 'CONFIG_NEW'])).toEqual(['CONFIG_NEW has no entry in tools/reference/error-table.ts']);
  expect(codeFaults(used.filter((code) => code !== 'BUS_CLOSED'))).toEqual([
    'BUS_CLOSED is explained, but nothing has this code',
  ]);
});
