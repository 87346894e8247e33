/** Holds the lock of the folder that is named, says so, and waits to be killed. */
import { RealClock } from '@chargemesh/base';
import { FolderLock } from '../../src/state/folder-lock.ts';

const lock = FolderLock.acquire(process.argv[2] ?? '', 'mesh', new RealClock());
process.send?.(lock instanceof FolderLock ? 'held' : 'refused');
process.on('disconnect', () => process.exit(1));
