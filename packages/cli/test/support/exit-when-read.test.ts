import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const source = join(import.meta.dirname, '../../src/support/exit-when-read.ts');
/** More than a pipe holds. */
const LENGTH = 4_000_000;

test('a reader that takes its time gets all of it, and the exit code', async () => {
  const program = `
    import { exitWhenRead } from ${JSON.stringify(source)};
    process.stdout.write('x'.repeat(${LENGTH}));
    process.stderr.write('written');
    exitWhenRead(7);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const closed = once(child, 'close');
  await once(child.stderr, 'data');
  let length = 0;
  child.stdout.on('data', (bytes) => {
    length += bytes.length;
  });
  expect(await closed).toEqual([7, null]);
  expect(length).toBe(LENGTH);
});
