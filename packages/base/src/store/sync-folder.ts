import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes the names of files that are new in a folder, or were renamed there, last: they are on disk only when the folder is. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
