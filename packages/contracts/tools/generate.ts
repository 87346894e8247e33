/**
 * Writes what is derived from the YAML contracts: the TypeScript types in src/generated, schemas/mesh.schema.json, pages of
 * docs/reference, and, not checked in, the compiled validators.
 *
 * `--check` writes nothing and exits with 1 where a checked-in file differs from what would be written. `--validators` builds the
 * validators alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rebuildArtifacts } from '../src/artifacts/artifacts.ts';
import { noValidators } from '../src/artifacts/build.ts';
import { repositoryFolder as root } from '../src/artifacts/sources.ts';
import { Contracts } from '../src/contracts.ts';
import { readContractFiles } from '../src/load/read-contract-files.ts';
import { interfacesPage } from './emit/docs/interfaces-page.ts';
import { modulesPage } from './emit/docs/modules-page.ts';
import { rejoinPage } from './emit/docs/rejoin-page.ts';
import { typesPage } from './emit/docs/types-page.ts';
import { emitErrors } from './emit/errors.ts';
import { emitInterface, emitInterfacesIndex } from './emit/interfaces.ts';
import { emitManifests } from './emit/manifests.ts';
import { emitMeshSchema } from './emit/mesh-schema.ts';
import { emitTypes, emitTypesIndex } from './emit/types.ts';

const generatedFolder = 'packages/contracts/src/generated';

if (process.argv.includes('--validators')) {
  rebuildArtifacts();
} else if (process.argv.includes('--check')) {
  const { stale, obsolete } = compare(generatedFiles());
  for (const path of [...obsolete, ...stale]) process.stderr.write(`stale: ${path}\n`);
  if (obsolete.length + stale.length > 0) {
    process.stderr.write('run `pnpm generate`\n');
    process.exitCode = 1;
  }
} else {
  const files = generatedFiles();
  const { stale, obsolete } = compare(files);
  for (const path of obsolete) rmSync(join(root, path));
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  rebuildArtifacts();
  process.stdout.write(`${files.size} generated files, ${stale.length} written, ${obsolete.length} removed\n`);
}

/** Which files differ from what they should be, and which should not be there. */
function compare(files: ReadonlyMap<string, string>): { stale: string[]; obsolete: string[] } {
  const stale = [...files].filter(([path, text]) => {
    const present = join(root, path);
    return !existsSync(present) || readFileSync(present, 'utf8') !== text;
  });
  return {
    stale: stale.map(([path]) => path),
    obsolete: filesBelow(join(root, generatedFolder)).filter((path) => !files.has(path)),
  };
}

/** Path (from the repository's root) and text of each generated file that is checked in. */
function generatedFiles(): Map<string, string> {
  const contracts = new Contracts(readContractFiles(root), noValidators);
  const interfaces = contracts.interfaceNames.map((name) => contracts.interface(name));
  const manifests = contracts.moduleNames.map((module) => contracts.manifest(module));
  const errors = contracts.errorNamespaces.map((namespace) => contracts.errors(namespace));
  const types: [string, string][] = [
    ...contracts.typeFiles.map((file): [string, string] => [`types/${file}.ts`, emitTypes(contracts.types(file))]),
    ['types.ts', emitTypesIndex(contracts.typeFiles)],
    ...interfaces.map((contract): [string, string] => [`interfaces/${contract.name}.ts`, emitInterface(contract)]),
    ['interfaces.ts', emitInterfacesIndex(interfaces)],
    ['errors.ts', emitErrors(errors)],
    ['manifests.ts', emitManifests(manifests)],
  ];
  const base = readFileSync(join(root, 'schemas/configuration.schema.json'), 'utf8');
  return new Map([
    ...types.map(([path, text]): [string, string] => [`${generatedFolder}/${path}`, text]),
    ['schemas/mesh.schema.json', emitMeshSchema(JSON.parse(base), manifests)],
    ['docs/reference/interfaces.md', interfacesPage(interfaces, errors)],
    ['docs/reference/types.md', typesPage(contracts.typeFiles.map((file) => contracts.types(file)))],
    ['docs/reference/modules.md', modulesPage(manifests)],
    ['docs/reference/rejoin.md', rejoinPage(interfaces, manifests)],
  ]);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
