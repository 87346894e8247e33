import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigValue } from '@chargemesh/contracts';
import { mergePatch } from '../config/merge-patch.ts';
import type { ParameterId } from '../distribution/config-request.ts';
import type { ValueStore } from '../distribution/config-service.ts';
import { MODULE_LEVEL } from '../distribution/parameters.ts';

/** Keeps values that modules set at run time as a patch over the configuration; the next start lays it on top. */
export class ValueOverlay implements ValueStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  save({ moduleId, implementationId, name }: ParameterId, value: ConfigValue): void {
    const present: unknown = existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, 'utf8')) : {};
    const set =
      implementationId === MODULE_LEVEL
        ? { config_module: { [name]: value } }
        : { config_implementation: { [implementationId]: { [name]: value } } };
    const merged = mergePatch(present, { active_modules: { [moduleId]: set } });
    mkdirSync(dirname(this.#path), { recursive: true });
    const aside = `${this.#path}.new`;
    writeFileSync(aside, JSON.stringify(merged, undefined, 2), { flush: true });
    renameSync(aside, this.#path);
  }
}
