import { ChargemeshError } from '@chargemesh/base';
import type { ContractFiles } from './load/contract-files.ts';
import { normaliseErrors, normaliseInterface, normaliseManifest, normaliseTypes } from './load/normalise.ts';
import type { ErrorsContract } from './model/errors-contract.ts';
import type { InterfaceContract } from './model/interface-contract.ts';
import type { JsonSchema } from './model/json-schema.ts';
import type { Manifest } from './model/manifest.ts';
import type { TypesContract } from './model/types-contract.ts';
import { type ValidatorSource, Validators } from './validate/validators.ts';
import { type WireInterface, wireInterface } from './wire/wire-interface.ts';
import { type WireManifest, wireManifest } from './wire/wire-manifest.ts';
import { mapValues, wireSchema } from './wire/wire-schema.ts';

/** All contracts of a mesh, by name, with every default filled in. Each is prepared when it is first asked for. */
export class Contracts {
  readonly #files: ContractFiles;
  readonly #interfaces = new Map<string, InterfaceContract>();
  readonly #types = new Map<string, TypesContract>();
  readonly #errors = new Map<string, ErrorsContract>();
  readonly #manifests = new Map<string, Manifest>();

  /** The validators of these contracts. */
  readonly validators: Validators;

  constructor(files: ContractFiles, source: (contracts: Contracts) => ValidatorSource) {
    this.#files = files;
    this.validators = new Validators(this, source(this));
  }

  get interfaceNames(): readonly string[] {
    return Object.keys(this.#files.interfaces).sort();
  }

  get typeFiles(): readonly string[] {
    return Object.keys(this.#files.types).sort();
  }

  get errorNamespaces(): readonly string[] {
    return Object.keys(this.#files.errors).sort();
  }

  get moduleNames(): readonly string[] {
    return Object.keys(this.#files.manifests).sort();
  }

  /** @returns undefined where no interface has that name */
  findInterface(name: string): InterfaceContract | undefined {
    return cached(this.#interfaces, this.#files.interfaces, name, (file) =>
      normaliseInterface(name, file, (namespace) => this.findErrors(namespace)),
    );
  }

  /** @throws ChargemeshError `CONTRACT_UNKNOWN` */
  interface(name: string): InterfaceContract {
    return known('interface', name, this.findInterface(name));
  }

  findTypes(file: string): TypesContract | undefined {
    return cached(this.#types, this.#files.types, file, (content) => normaliseTypes(file, content));
  }

  /** @throws ChargemeshError `CONTRACT_UNKNOWN` */
  types(file: string): TypesContract {
    return known('file of types', file, this.findTypes(file));
  }

  findErrors(namespace: string): ErrorsContract | undefined {
    return cached(this.#errors, this.#files.errors, namespace, (content) => normaliseErrors(namespace, content));
  }

  /** @throws ChargemeshError `CONTRACT_UNKNOWN` */
  errors(namespace: string): ErrorsContract {
    return known('namespace of errors', namespace, this.findErrors(namespace));
  }

  findManifest(module: string): Manifest | undefined {
    return cached(this.#manifests, this.#files.manifests, module, (content) => normaliseManifest(module, content));
  }

  /** @throws ChargemeshError `CONTRACT_UNKNOWN` */
  manifest(module: string): Manifest {
    return known('module', module, this.findManifest(module));
  }

  /** The payload `data` of `interface_definitions/<name>`. @see reference bus.md 1.4, no. 2 */
  wireInterface(name: string): WireInterface {
    return wireInterface(this.interface(name), (namespace) => this.errors(namespace));
  }

  /** The payload `data` of `type_definitions/<file>`. @see reference bus.md 1.4, no. 4 */
  wireTypes(file: string): Readonly<Record<string, JsonSchema>> {
    return mapValues(this.types(file).types, wireSchema);
  }

  /** The payload `data` of `manifests/<Module>`. @see reference bus.md 1.4, no. 7 */
  wireManifest(module: string): WireManifest {
    return wireManifest(known('module', module, this.#files.manifests[module]));
  }
}

function cached<File, Contract>(
  cache: Map<string, Contract>,
  files: Readonly<Record<string, File>>,
  name: string,
  make: (file: File) => Contract,
): Contract | undefined {
  const present = cache.get(name);
  if (present) return present;
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) return undefined;
  const contract = make(file);
  cache.set(name, contract);
  return contract;
}

function known<Contract>(kind: string, name: string, contract: Contract | undefined): Contract {
  if (contract === undefined) throw new ChargemeshError('CONTRACT_UNKNOWN', `there is no ${kind} named ${name}`);
  return contract;
}
