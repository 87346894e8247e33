import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import { type Contracts, loadContracts } from '@chargemesh/contracts';
import type { ModuleDefinition } from '@chargemesh/framework';
import type { ModuleCatalogue } from '../config/catalogue.ts';
import { builtinModules } from './registry.ts';

/** Where modules that do not come with the mesh may lie. */
export interface LibraryOptions {
  /** The names of modules that are wanted; only these are looked for outside. */
  readonly names: Iterable<string>;
  /** Folders with a folder for each module: `<Name>/manifest.yaml` and `<Name>/index.ts` or `index.js`. */
  readonly moduleFolders: readonly string[];
  /** A folder of interface files that those modules share. Each may also bring its own in `<Name>/interfaces/`. */
  readonly interfacesFolder?: string | undefined;
}

/** Where a mesh takes the code of its modules from. */
export interface ModuleSource {
  readonly contracts: Contracts;
  /** @throws ChargemeshError `MODULE_UNAVAILABLE`, `MODULE_IMPORT` */
  load(module: string): Promise<ModuleDefinition>;
}

/** Everything that can be started here: the modules of the mesh, and those that somebody brings along. */
export class ModuleLibrary implements ModuleCatalogue, ModuleSource {
  readonly contracts: Contracts;
  /** Name to the file that defines it. */
  readonly #outside: ReadonlyMap<string, string>;

  private constructor(contracts: Contracts, outside: ReadonlyMap<string, string>) {
    this.contracts = contracts;
    this.#outside = outside;
  }

  /** @throws ChargemeshError where a manifest or an interface that was brought along is broken */
  static open({ names, moduleFolders, interfacesFolder }: LibraryOptions): ModuleLibrary {
    const folders = new Map<string, string>();
    for (const name of names) {
      const folder = moduleFolders
        .map((candidate) => resolve(candidate, name))
        .find((candidate) => existsSync(join(candidate, 'manifest.yaml')));
      if (folder !== undefined && !Object.hasOwn(builtinModules, name)) folders.set(name, folder);
    }
    const shared = folders.size > 0 && interfacesFolder !== undefined ? [sharedContracts(interfacesFolder)] : [];
    const outside = new Map<string, string>();
    for (const [name, folder] of folders) {
      const entry = ['index.ts', 'index.js'].map((file) => join(folder, file)).find((file) => existsSync(file));
      if (entry !== undefined) outside.set(name, entry);
    }
    return new ModuleLibrary(loadContracts([...shared, ...folders.values()]), outside);
  }

  hasImplementation(module: string): boolean {
    return this.#outside.has(module) || Object.hasOwn(builtinModules, module);
  }

  /**
   * Imports a module.
   * @throws ChargemeshError `MODULE_UNAVAILABLE` where there is none of that name, `MODULE_IMPORT` where its code does not load
   */
  async load(module: string): Promise<ModuleDefinition> {
    const entry = this.#outside.get(module);
    const builtin = builtinModules[module];
    if (entry === undefined && !builtin)
      throw new ChargemeshError('MODULE_UNAVAILABLE', `there is no module ${module} here`);
    let namespace: object;
    try {
      namespace = entry === undefined ? ((await builtin?.()) ?? {}) : await import(pathToFileURL(entry).href);
    } catch (error) {
      throw new ChargemeshError('MODULE_IMPORT', `module ${module} does not load: ${messageOf(error)}`, {
        cause: error,
      });
    }
    const found = Object.values(namespace).find((value) => isDefinition(value) && value.name === module);
    if (!isDefinition(found))
      throw new ChargemeshError(
        'MODULE_IMPORT',
        `module ${module} does not load: ${entry ?? 'its package'} exports no definition of that name (defineModule('${module}', …))`,
      );
    return found;
  }
}

/** Contracts are read from the folder that holds `interfaces/`, `types/` and `errors/`. */
function sharedContracts(interfacesFolder: string): string {
  const folder = resolve(interfacesFolder);
  return basename(folder) === 'interfaces' ? dirname(folder) : folder;
}

function isDefinition(value: unknown): value is ModuleDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'setup' in value &&
    typeof value.setup === 'function'
  );
}
