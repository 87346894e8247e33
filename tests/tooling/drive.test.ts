import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(150_000);

/** The exit code by which the script says that a program is not there. */
const SKIPPED = 77;

test('tools written for EVerest drive the manager by Mosquitto’s clients and a named pipe alone', () => {
  const script = join(import.meta.dirname, 'drive.sh');
  const { status, stdout, stderr } = spawnSync(script, { encoding: 'utf8' });
  if (status === SKIPPED) {
    process.stderr.write(`${stdout.trim()}\n`);
    return;
  }
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  expect(stdout).toMatch(/ {2}done\n$/);
});
