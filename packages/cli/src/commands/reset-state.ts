import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { defaultStateFolder, FolderLock } from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { print, printJson } from '../support/output.ts';
import { configPath } from '../support/paths.ts';

/** What only a state folder holds; anything else with that name is not ours to delete. */
const SIGNS = ['mesh.lock', 'mesh.log', 'control.sock'];

/** Forgets everything that a mesh has kept: databases, logs, changed configuration. */
export async function resetState(
  named: string | undefined,
  options: { readonly state?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const folder = resolve(options.state ?? defaultStateFolder(configPath(named), process.env));
  if (!existsSync(folder)) {
    if (options.json) printJson({ state: folder, removed: false });
    else print(`${folder}: there is nothing to forget`);
    return EXIT.ok;
  }
  if (!SIGNS.some((name) => existsSync(resolve(folder, name))))
    throw new CliError('CLI_NOT_STATE', `${folder} does not look like the state folder of a mesh: nothing was deleted`);
  const lock = FolderLock.acquire(folder, 'mesh', new RealClock());
  if (!(lock instanceof FolderLock))
    throw new CliError(
      'MESH_RUNS',
      `a mesh runs with ${folder} (pid ${lock.holder?.pid ?? 'unknown'}): stop it first`,
      EXIT.alreadyRunning,
    );
  rmSync(folder, { recursive: true });
  lock.release();
  if (options.json) printJson({ state: folder, removed: true });
  else print(`${folder} was deleted`);
  return EXIT.ok;
}
