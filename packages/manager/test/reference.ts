import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';

/** Files of EVerest and recordings of it, where they lie beside the repository; undefined where not. */
export function referencePath(...steps: readonly string[]): string | undefined {
  const path = join(resolve(repositoryFolder, '../shared/reference'), ...steps);
  return existsSync(path) ? path : undefined;
}
