import type { Clock } from '@chargemesh/base';
import { FolderLock } from '@chargemesh/manager';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/** Takes a state folder for a mesh. @throws CliError `MESH_RUNS` where another one has it */
export function lockState(stateFolder: string, clock: Clock): FolderLock {
  const lock = FolderLock.acquire(stateFolder, 'mesh', clock);
  if (lock instanceof FolderLock) return lock;
  const who = lock.holder ? `pid ${lock.holder.pid}, since ${lock.holder.since}` : 'it left no note';
  throw new CliError(
    'MESH_RUNS',
    `this mesh runs already (${who}): stop it first, or give this one a folder of its own with --state DIR`,
    EXIT.alreadyRunning,
  );
}
