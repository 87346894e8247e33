import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ChargemeshError } from '@chargemesh/base';
import { Contracts } from '../contracts.ts';
import type { ContractFiles } from '../load/contract-files.ts';
import { packFiles } from '../load/packed-files.ts';
import { compileToSource } from '../validate/compile.ts';
import { compileDocumentSchemas } from '../validate/documents.ts';
import { configSchemas, interfaceSchemas } from '../validate/interface-schemas.ts';
import type { ValidatorSource } from '../validate/validators.ts';
import { codeOf } from './code-of.ts';

/** Where the parts of what was built stand, below the folder of one digest. */
export const artifactPath = {
  contracts: 'contracts.json',
  documents: 'documents.cjs',
  interface: (name: string): string => join('interfaces', `${name}.cjs`),
  manifest: (module: string): string => join('manifests', `${module}.cjs`),
};

/**
 * Builds, from parsed contract files, one JSON file with all of them and the compiled validators of each interface, each manifest and
 * each kind of YAML file, in `<folder>/<digest>`. Several processes may do so at once: each builds aside, the first one to finish is taken.
 *
 * @param replace puts the new build in the place of one with the same digest
 */
export function buildArtifacts(
  files: ContractFiles,
  schemasFolder: string,
  folder: string,
  digest: string,
  replace = false,
): void {
  mkdirSync(folder, { recursive: true });
  const aside = mkdtempSync(join(folder, '.build-'));
  try {
    const contracts = new Contracts(files, noValidators);
    mkdirSync(join(aside, 'interfaces'));
    mkdirSync(join(aside, 'manifests'));
    for (const name of contracts.interfaceNames) {
      const source = compileToSource(interfaceSchemas(contracts.interface(name)), files.types);
      writeFileSync(join(aside, artifactPath.interface(name)), source);
    }
    for (const module of contracts.moduleNames) {
      const source = compileToSource(configSchemas(contracts.manifest(module)), {});
      writeFileSync(join(aside, artifactPath.manifest(module)), source);
    }
    writeFileSync(join(aside, artifactPath.documents), compileDocumentSchemas(schemasFolder));
    writeFileSync(join(aside, artifactPath.contracts), packFiles(files));
    // mkdtemp shuts everybody else out; an installation is built by one user and run by another.
    chmodSync(aside, 0o755);
    putInPlace(aside, join(folder, digest), replace);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** How many older builds are kept: programs that run now load their validators from them piece by piece. */
const KEPT_BUILDS = 4;

/** Removes older builds but the newest few. */
export function removeOldArtifacts(folder: string, present: string): void {
  const older = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== present && !entry.name.startsWith('.'))
    .map(({ name }) => ({ path: join(folder, name), builtMs: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.builtMs - a.builtMs);
  for (const { path } of older.slice(KEPT_BUILDS)) rmSync(path, { recursive: true, force: true });
}

/** The first build of a digest stays, since others may be reading it, unless it is to be replaced. */
function putInPlace(aside: string, target: string, replace: boolean): void {
  try {
    if (replace && existsSync(target)) renameSync(target, `${aside}-old`);
    renameSync(aside, target);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(`${aside}-old`, { recursive: true, force: true });
  }
}

/** For contracts that are only read. */
export function noValidators(): ValidatorSource {
  const none = () => {
    throw new ChargemeshError('CONTRACT_UNKNOWN', 'these contracts were loaded without validators');
  };
  return { interfaceValidators: none, manifestValidators: none };
}
