import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { installation } from '@chargemesh/manager';

/** The installation folder: the one that is named, else the one in whose `bin/` the program was called. */
export function managerPrefix(named: string | undefined, calledAs: string | undefined): string | undefined {
  if (named !== undefined) return resolve(named);
  if (calledAs === undefined) return undefined;
  const prefix = dirname(dirname(resolve(calledAs)));
  return existsSync(join(prefix, 'bin')) && existsSync(installation(prefix).share) ? prefix : undefined;
}
