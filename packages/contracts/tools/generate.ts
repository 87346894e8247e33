/**
 * Writes what is derived from the YAML contracts: the TypeScript types in src/generated. `--check` writes nothing and exits with 1
 * where the checked-in files differ from what would be written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contracts } from '../src/contracts.ts';
import { readContractFiles } from '../src/load/read-contract-files.ts';
import { emitErrors } from './emit/errors.ts';
import { emitInterface, emitInterfacesIndex } from './emit/interfaces.ts';
import { emitManifests } from './emit/manifests.ts';
import { emitTypes, emitTypesIndex } from './emit/types.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const generatedFolder = 'packages/contracts/src/generated';

const check = process.argv.includes('--check');
const contracts = new Contracts(readContractFiles(root));
const wanted = generatedFiles(contracts);
const obsolete = present(join(root, generatedFolder)).filter((path) => !wanted.has(path));
const stale = [...wanted].filter(
  ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
);

if (check) {
  for (const path of [...obsolete, ...stale.map(([stalePath]) => stalePath)]) process.stderr.write(`stale: ${path}\n`);
  if (obsolete.length + stale.length > 0) {
    process.stderr.write('run `pnpm generate`\n');
    process.exitCode = 1;
  }
} else {
  for (const path of obsolete) rmSync(join(root, path));
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  process.stdout.write(`${wanted.size} generated files, ${stale.length} written, ${obsolete.length} removed\n`);
}

/** Path (from the repository's root) and text of each generated file that is checked in. */
function generatedFiles(all: Contracts): Map<string, string> {
  const interfaces = all.interfaceNames.map((name) => all.interface(name));
  const files: [string, string][] = [
    ...all.typeFiles.map((file): [string, string] => [`types/${file}.ts`, emitTypes(all.types(file))]),
    ['types.ts', emitTypesIndex(all.typeFiles)],
    ...interfaces.map((contract): [string, string] => [`interfaces/${contract.name}.ts`, emitInterface(contract)]),
    ['interfaces.ts', emitInterfacesIndex(interfaces)],
    ['errors.ts', emitErrors(all.errorNamespaces.map((namespace) => all.errors(namespace)))],
    ['manifests.ts', emitManifests(all.moduleNames.map((module) => all.manifest(module)))],
  ];
  return new Map(files.map(([path, text]) => [`${generatedFolder}/${path}`, text]));
}

function present(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
