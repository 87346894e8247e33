import { expect, test } from '@jest/globals';
import { runProgram } from '../src/run-program.ts';

test('a program is given its arguments, and 0 is success', async () => {
  await expect(
    runProgram(process.execPath, '-e', 'process.exit(process.argv[1] === "a b" ? 0 : 3)', 'a b'),
  ).resolves.toBe(undefined);
});

test('any other end is a failure that names the program', async () => {
  await expect(runProgram(process.execPath, '-e', 'process.exit(3)')).rejects.toThrow(
    `${process.execPath} ended with 3`,
  );
});

test('one that there is not is a failure', async () => {
  await expect(runProgram('/there/is/none')).rejects.toThrow('ENOENT');
});
