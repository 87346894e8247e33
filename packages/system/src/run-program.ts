import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program of the charger to its end. It goes on when the mesh ends meanwhile.
 * @throws Error where it cannot be started, or ends with anything but 0
 */
export async function runProgram(program: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.unref();
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? code}`);
}
