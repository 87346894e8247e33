import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChargemeshError } from '@chargemesh/base';
import type { ContractFiles } from '../load/contract-files.ts';
import { unpackFiles } from '../load/packed-files.ts';
import { readContractFiles } from '../load/read-contract-files.ts';
import type { CompiledValidators } from '../validate/compile.ts';
import { artifactPath, buildArtifacts, removeOldArtifacts } from './build.ts';
import { codeOf } from './code-of.ts';
import { hasSources, repositoryFolder, sourceDigest, sourceSignature } from './sources.ts';

/** What was built ahead from the contracts that come with the mesh. */
export interface Artifacts {
  readonly files: ContractFiles;
  /** The compiled validators of an interface, by validator id. */
  interfaceValidators(name: string): CompiledValidators;
  /** The compiled validators of a module's configuration, by validator id. */
  manifestValidators(module: string): CompiledValidators;
  /** The compiled validators of YAML files, by kind. */
  documentValidators(): CompiledValidators;
}

/** The folder of built parts, the same for `src` and `dist`. */
export const artifactsFolder: string = fileURLToPath(new URL('../../validators/', import.meta.url));

const require = createRequire(import.meta.url);

/**
 * Opens what was built from the contracts, and builds it first where it is missing or older than the YAML files (about a second,
 * once).
 *
 * @throws ChargemeshError `CONTRACT_MISSING` where there are neither built parts nor YAML files
 */
export function openArtifacts(): Artifacts {
  const folder = join(artifactsFolder, presentDigest());
  return {
    files: unpackFiles(readFileSync(join(folder, artifactPath.contracts), 'utf8')),
    interfaceValidators: (name) => require(join(folder, artifactPath.interface(name))),
    manifestValidators: (module) => require(join(folder, artifactPath.manifest(module))),
    documentValidators: () => require(join(folder, artifactPath.documents)),
  };
}

function presentDigest(): string {
  const stamp = readStamp();
  if (!hasSources()) {
    if (stamp) return stamp.digest;
    throw new ChargemeshError(
      'CONTRACT_MISSING',
      `there are no contracts in ${artifactsFolder} nor in ${repositoryFolder}`,
    );
  }
  const signature = sourceSignature(repositoryFolder);
  if (stamp?.signature === signature && existsSync(join(artifactsFolder, stamp.digest))) return stamp.digest;
  const digest = sourceDigest(repositoryFolder);
  if (!existsSync(join(artifactsFolder, digest))) build(digest);
  writeStamp({ signature, digest });
  return digest;
}

/** Builds everything anew, whatever is there, and removes builds that have long been replaced. */
export function rebuildArtifacts(): void {
  const digest = sourceDigest(repositoryFolder);
  build(digest, true);
  writeStamp({ signature: sourceSignature(repositoryFolder), digest });
  removeOldArtifacts(artifactsFolder, digest);
}

function build(digest: string, replace = false): void {
  const files = readContractFiles(repositoryFolder);
  try {
    buildArtifacts(files, join(repositoryFolder, 'schemas'), artifactsFolder, digest, replace);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
    throw new ChargemeshError(
      'CONTRACT_MISSING',
      `the contracts have to be built and ${artifactsFolder} cannot be written to: let its owner run pnpm generate`,
      { cause: error },
    );
  }
}

interface Stamp {
  readonly signature: string;
  readonly digest: string;
}

function readStamp(): Stamp | undefined {
  const path = join(artifactsFolder, 'stamp.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** The stamp saves reading the files at the next start; a folder that cannot be written to does without. */
function writeStamp(stamp: Stamp): void {
  try {
    writeFileSync(join(artifactsFolder, 'stamp.json'), JSON.stringify(stamp));
  } catch {
    // Read-only installations start a few milliseconds slower.
  }
}
