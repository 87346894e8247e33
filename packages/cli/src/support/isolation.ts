import type { MeshConfiguration } from '@chargemesh/manager';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/** Which modules get a process of their own. @throws CliError where an id is unknown */
export function isolation(
  wanted: 'none' | 'all' | readonly string[],
  { modules }: MeshConfiguration,
): 'none' | 'all' | readonly string[] {
  if (typeof wanted === 'string') return wanted;
  const unknown = wanted.filter((id) => !modules.some((module) => module.id === id));
  if (unknown.length > 0)
    throw new CliError(
      'CLI_USAGE',
      `--isolate ${unknown.join(',')}: no such module; there are ${modules.map(({ id }) => id).join(', ')}`,
      EXIT.usage,
    );
  return wanted;
}
