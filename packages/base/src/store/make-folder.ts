import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it. As Node's own `recursive` does, but that one tries for ever where a file system such as /proc says of a
 * new entry that it does not exist.
 *
 * @param path may exist already
 * @throws the file system's error where it cannot be made
 */
export function makeFolder(path: string): void {
  const above = dirname(resolve(path));
  if (!existsSync(above)) makeFolder(above);
  try {
    if (!existsSync(path)) mkdirSync(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
  // Where a file stands there, Node says so.
  mkdirSync(path, { recursive: true });
}
