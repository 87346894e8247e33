import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contracts, loadContracts } from '@chargemesh/contracts';
import { type ConfigurationText, mergedText } from '@chargemesh/manager';

/** Writes the configuration and the manifests of its modules, as JSON. */
export function dumpConfiguration(
  folder: string,
  text: ConfigurationText,
  contracts: Contracts,
  modules: readonly string[],
): void {
  write(folder, 'config.json', mergedText(text));
  for (const module of new Set(modules))
    if (contracts.findManifest(module)) write(folder, `${module}.json`, contracts.wireManifest(module));
}

/** Writes every manifest that is known here. The reference names JSON `.yaml`, which it is as well. */
export function dumpManifests(folder: string): void {
  const contracts = loadContracts();
  for (const module of contracts.moduleNames) write(folder, `${module}.yaml`, contracts.wireManifest(module));
}

function write(folder: string, name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
}
