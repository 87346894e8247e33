import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_KINDS, yamlFiles } from '../load/read-contract-files.ts';

/** Raised when what is built from the same contracts changes its form. */
const FORM = '3';

/** The repository's root, whose `interfaces/`, `types/`, `errors/` and `manifests/` are the contracts that come with the mesh. */
export const repositoryFolder: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** Whether the YAML contracts stand beside this package; a published package carries only what was built from them. */
export function hasSources(root: string = repositoryFolder): boolean {
  return existsSync(join(root, 'interfaces', 'evse_manager.yaml'));
}

/** Every contract file below `root`, and the schemas of the YAML files. */
export function sourcePaths(root: string): string[] {
  const schemas = readdirSync(join(root, 'schemas')).filter(
    (file) => file.endsWith('.json') && file !== 'mesh.schema.json',
  );
  return [
    ...CONTRACT_KINDS.flatMap((kind) => yamlFiles(join(root, kind)).map(([, path]) => path)),
    ...schemas.sort().map((file) => join(root, 'schemas', file)),
  ];
}

/** Changes whenever a file does, and costs no reading; it changes on a fresh checkout too. */
export function sourceSignature(root: string): string {
  return hash(
    sourcePaths(root).map((path) => {
      const { mtimeMs, size } = statSync(path);
      return `${relative(root, path)} ${mtimeMs} ${size}`;
    }),
  );
}

/** Changes only when the content of a file does. */
export function sourceDigest(root: string): string {
  return hash(sourcePaths(root).map((path) => `${relative(root, path)}\n${readFileSync(path, 'utf8')}`));
}

function hash(parts: readonly string[]): string {
  const digest = createHash('sha256').update(FORM);
  for (const part of parts) digest.update('\n').update(part);
  return digest.digest('hex').slice(0, 16);
}
