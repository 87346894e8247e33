import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import type { ContractFiles } from './contract-files.ts';

// The YAML parser costs 25 ms to load and is not needed where the contracts were built ahead.
const require = createRequire(import.meta.url);

/** The folders that hold contracts, below a repository's or a module's own folder. */
export const CONTRACT_KINDS = ['interfaces', 'types', 'errors', 'manifests'] as const;

/**
 * Reads the contract files of a folder: `interfaces/*.yaml`, `types/*.yaml`, `errors/*.yaml`, `manifests/*.yaml`, and, for the
 * folder of a single module, `manifest.yaml`, whose module is named as the folder is.
 *
 * @throws ChargemeshError `CONTRACT_UNREADABLE` where a file is no YAML
 * @see reference bus.md 4
 */
export function readContractFiles(folder: string): ContractFiles {
  const files: ContractFiles = { interfaces: {}, types: {}, errors: {}, manifests: {} };
  for (const kind of CONTRACT_KINDS) {
    for (const [name, path] of yamlFiles(join(folder, kind))) files[kind][name] = readYaml(path);
  }
  const ownManifest = join(folder, 'manifest.yaml');
  if (existsSync(ownManifest)) files.manifests[basename(resolve(folder))] = readYaml(ownManifest);
  return files;
}

/** Name (the file's stem) and path of each YAML file of a folder, sorted; nothing where the folder does not exist. */
export function yamlFiles(folder: string): [name: string, path: string][] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => [basename(file, '.yaml'), join(folder, file)]);
}

function readYaml(path: string) {
  const { parse }: typeof import('yaml') = require('yaml');
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ChargemeshError('CONTRACT_UNREADABLE', `${path}: ${messageOf(error)}`, { cause: error });
  }
}
