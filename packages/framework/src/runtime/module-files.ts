import { mkdirSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { type Logger, type Migration, SqliteStore, type Store } from '@chargemesh/base';
import type { Manifest } from '@chargemesh/contracts';
import type { ModuleInfo } from './module-info.ts';
import type { WrapStore } from './wrap-store.ts';

/** The state folder, and every path below it, of a mesh that keeps nothing on disk. */
export const IN_MEMORY = ':memory:';

/** The folder, paths and databases of one module. */
export class ModuleFiles {
  /** The module's own folder below the mesh's state folder. */
  readonly folder: string;
  readonly #info: ModuleInfo;
  readonly #manifest: Manifest;
  readonly #log: Logger;
  readonly #wrap: WrapStore;
  readonly #stores: Store[] = [];

  constructor(stateDir: string, info: ModuleInfo, manifest: Manifest, log: Logger, wrap: WrapStore = (store) => store) {
    this.#wrap = wrap;
    this.#info = info;
    this.#manifest = manifest;
    this.#log = log;
    this.folder = stateDir === IN_MEMORY ? IN_MEMORY : join(stateDir, info.id);
    if (this.folder !== IN_MEMORY) mkdirSync(this.folder, { recursive: true });
  }

  /** Where a configured path leads: as given, or, where it is the manifest's default, into the module's folder. */
  pathOf(key: string, implementation?: string): string {
    const [entries, values] =
      implementation === undefined
        ? [this.#manifest.config, this.#info.config]
        : [this.#manifest.provides[implementation]?.config, this.#info.implementations[implementation]];
    const value = String(values?.[key]);
    if (value !== String(entries?.[key]?.default)) return resolve(value);
    return this.folder === IN_MEMORY ? IN_MEMORY : join(this.folder, basename(value));
  }

  openStore(name: string, migrations: readonly Migration[]): Store {
    const own = this.folder === IN_MEMORY ? IN_MEMORY : join(this.folder, `${name}.db`);
    const path = isAbsolute(name) ? name : own;
    const opened = new SqliteStore({
      path,
      migrations,
      onCorrupt: (movedTo, reason) =>
        this.#log.error(`the database ${path} is damaged (${reason}); it was moved to ${movedTo} and a new one begun`),
    });
    const store = this.#wrap(opened, { moduleId: this.#info.id, name });
    this.#stores.push(store);
    return store;
  }

  close(): void {
    for (const store of this.#stores.splice(0)) store.close();
  }
}
