import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';

/** Runs the tests of the repository; arguments go to jest. */
export async function runTests(args: readonly string[]): Promise<ExitCode> {
  const jest = join(repositoryFolder, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, jest, '--rootDir', repositoryFolder, ...args], {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: undefined },
  });
  const [code] = await once(child, 'exit');
  return code === 0 ? EXIT.ok : EXIT.failed;
}
