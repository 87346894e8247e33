import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';

const DEFAULT_CONFIG = 'config-sil-ocpp.yaml';

/** The configuration that is meant: the one named, else the default mesh, from the working directory or from where this is installed. */
export function configPath(named: string | undefined): string {
  if (named !== undefined) return resolve(named);
  const here = resolve(DEFAULT_CONFIG);
  return existsSync(here) ? here : join(repositoryFolder, DEFAULT_CONFIG);
}
