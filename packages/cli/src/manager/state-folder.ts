import { resolve } from 'node:path';
import { defaultStateFolder } from '@chargemesh/manager';

/** Where a manager keeps what has no path of its own: beside the file of `--db`, else where `up` has it for that configuration. */
export function managerState(
  database: string | undefined,
  configuration: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return database === undefined ? defaultStateFolder(configuration, environment) : `${resolve(database)}.state`;
}
