import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { mutations } from '../../tools/mutation/mutations.ts';
import { asMutations } from '../../tools/mutation/rule-break.ts';

const root = resolve(import.meta.dirname, '../..');

test.each(mutations.map((mutation) => [mutation.rule, mutation] as const))(
  'there is something to break: %s',
  (_rule, { file, find, replace }) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(find);
    expect(replace).not.toBe(find);
  },
);

test('a rule that the coverage table does not know is refused', () => {
  expect(() => asMutations([{ id: 'Z-1', file: 'mesh', find: 'a', replace: 'b' }], [])).toThrow(
    'the coverage table has no rule Z-1 with a test',
  );
});
