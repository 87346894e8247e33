import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installation } from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT } from '../support/exit-codes.ts';
import { configPath } from '../support/paths.ts';

/**
 * The configuration that is meant: the file of that path, else the one of that name in the installation; where none is named, the
 * installation's default.
 *
 * @throws CliError where there is none
 * @see reference bus.md 3.1
 */
export function findConfiguration(named: string | undefined, prefix: string | undefined): string {
  const { etc } = prefix === undefined ? {} : installation(prefix);
  if (named === undefined && etc === undefined) return configPath(undefined);
  const name = named ?? 'default';
  const candidates = [
    ...(named === undefined ? [] : [resolve(named), ...yamlAndJson(resolve(named))]),
    ...(etc === undefined ? [] : [join(etc, name), ...yamlAndJson(join(etc, name))]),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined)
    throw new CliError(
      'CONFIG_UNREADABLE',
      `there is no configuration ${name}; looked at ${candidates.join(', ')}`,
      EXIT.configuration,
    );
  return found;
}

function yamlAndJson(path: string): string[] {
  const stem = path.replace(/\.yaml$/, '');
  return [`${stem}.yaml`, `${stem}.json`];
}
