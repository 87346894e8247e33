import { rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../run-program.ts';

/** Installs a firmware. @throws where it does not fit */
export type Installer = (path: string) => Promise<void>;

/**
 * Hands the firmware to a program of the charger, with the file's path as its only argument. Exit code 0: it is installed. It goes on when
 * the mesh ends meanwhile.
 */
export function programInstaller(program: string): Installer {
  return (path) => runProgram(program, path);
}

/** A station in software has nothing to install on: the newest firmware is kept beside where it came in, as `firmware`. */
export const keepingInstaller: Installer = async (path) => {
  const { size } = await stat(path);
  if (size === 0) throw new Error('the firmware is empty');
  await rename(path, join(dirname(path), 'firmware'));
};
