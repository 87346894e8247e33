import { resolve } from 'node:path';
import { ChargemeshError } from '@chargemesh/base';
import { type Artifacts, openArtifacts } from './artifacts/artifacts.ts';
import { repositoryFolder } from './artifacts/sources.ts';
import { Contracts } from './contracts.ts';
import type { ContractFiles } from './load/contract-files.ts';
import { CONTRACT_KINDS, readContractFiles } from './load/read-contract-files.ts';
import { type CompiledValidators, compileNow } from './validate/compile.ts';
import type { DocumentKind } from './validate/documents.ts';
import { explain } from './validate/explain.ts';
import { describeFaults, type Fault, NO_FAULTS } from './validate/fault.ts';
import { configSchemas, interfaceSchemas } from './validate/interface-schemas.ts';
import type { ValidatorSource } from './validate/validators.ts';

let artifacts: Artifacts | undefined;
let builtin: Contracts | undefined;

/**
 * The contracts that come with the mesh and those of further folders: a third-party module brings `manifest.yaml` and, where it
 * needs its own, `interfaces/`, `types/` and `errors/` in its folder.
 *
 * Contracts that come with the mesh are loaded from what was built ahead; those of further folders are parsed, checked and compiled
 * here.
 *
 * @param folders further folders; the repository's own may be among them and changes nothing
 * @throws ChargemeshError `CONTRACT_UNREADABLE`, `CONTRACT_INVALID`, `CONTRACT_DUPLICATE` for a file of a further folder
 */
export function loadContracts(folders: readonly string[] = []): Contracts {
  const own = openOnce();
  const further = folders.map((folder) => resolve(folder)).filter((folder) => folder !== resolve(repositoryFolder));
  if (further.length === 0) {
    builtin ??= new Contracts(own.files, () => own);
    return builtin;
  }
  const files = further.map((folder) => readChecked(folder)).reduce(merge, own.files);
  return new Contracts(files, (contracts) => mixedSource(own, files, contracts));
}

/** Checks a parsed YAML document against the schema of its kind; paths are relative to the document's root. */
export function checkDocument(kind: DocumentKind, document: unknown): readonly Fault[] {
  const validator = openOnce().documentValidators()[kind];
  if (!validator || validator(document)) return NO_FAULTS;
  return explain(document, validator.errors ?? [], '');
}

function openOnce(): Artifacts {
  artifacts ??= openArtifacts();
  return artifacts;
}

/** What was built ahead for our own contracts, compiled here for those that were added. */
function mixedSource(own: Artifacts, files: ContractFiles, contracts: Contracts): ValidatorSource {
  const cache = new Map<string, CompiledValidators>();
  const once = (key: string, make: () => CompiledValidators): CompiledValidators => {
    const validators = cache.get(key) ?? make();
    cache.set(key, validators);
    return validators;
  };
  return {
    interfaceValidators: (name) =>
      Object.hasOwn(own.files.interfaces, name)
        ? own.interfaceValidators(name)
        : once(`interface ${name}`, () => compileNow(interfaceSchemas(contracts.interface(name)), files.types)),
    manifestValidators: (module) =>
      Object.hasOwn(own.files.manifests, module)
        ? own.manifestValidators(module)
        : once(`manifest ${module}`, () => compileNow(configSchemas(contracts.manifest(module)), {})),
  };
}

const KIND_OF = { interfaces: 'interface', types: 'types', errors: 'errors', manifests: 'manifest' } as const;

function readChecked(folder: string): ContractFiles {
  const files = readContractFiles(folder);
  for (const kind of CONTRACT_KINDS) {
    for (const [name, document] of Object.entries(files[kind])) {
      const faults = checkDocument(KIND_OF[kind], document);
      if (faults.length === 0) continue;
      throw new ChargemeshError('CONTRACT_INVALID', `${folder}: ${KIND_OF[kind]} ${name}: ${describeFaults(faults)}`, {
        details: { folder, kind, name, faults },
      });
    }
  }
  return files;
}

/** A name may be defined again with the same meaning, as EVerest's modules carry copies; a different meaning is an error. */
function merge(into: ContractFiles, added: ContractFiles): ContractFiles {
  const merge1 = <T>(kind: string, present: Readonly<Record<string, T>>, more: Readonly<Record<string, T>>) => {
    for (const name of Object.keys(more)) {
      if (!Object.hasOwn(present, name) || meaning(present[name]) === meaning(more[name])) continue;
      throw new ChargemeshError('CONTRACT_DUPLICATE', `${kind}/${name}.yaml is defined twice, with different contents`);
    }
    return { ...more, ...present };
  };
  return {
    interfaces: merge1('interfaces', into.interfaces, added.interfaces),
    types: merge1('types', into.types, added.types),
    errors: merge1('errors', into.errors, added.errors),
    manifests: merge1('manifests', into.manifests, added.manifests),
  };
}

/** A contract as text without descriptions and our own `x-` keys. */
function meaning(document: unknown): string {
  return JSON.stringify(document, (key, value) => {
    if (key === 'description' || key.startsWith('x-')) return undefined;
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return plain ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}
