import type { ConfigEntry, ConfigValue } from '@chargemesh/contracts';
import type { ConfiguredModule, MeshConfiguration } from '../config/mesh-configuration.ts';
import type { ParameterId } from './config-request.ts';
import { MODULE_LEVEL } from './parameters.ts';

/** A parameter with what its manifest says of it. */
export interface FoundParameter {
  readonly entry: ConfigEntry;
  readonly value: ConfigValue;
}

/** The configuration of a running mesh: what was loaded, with what was set since. */
export class WorkingConfiguration {
  readonly #modules: Map<string, ConfiguredModule>;

  constructor(configuration: MeshConfiguration) {
    this.#modules = new Map(configuration.modules.map((module) => [module.id, module]));
  }

  get modules(): ReadonlyMap<string, ConfiguredModule> {
    return this.#modules;
  }

  find({ moduleId, implementationId, name }: ParameterId): FoundParameter | undefined {
    const module = this.#modules.get(moduleId);
    if (!module) return undefined;
    const ofModule = implementationId === MODULE_LEVEL;
    const entry = (ofModule ? module.manifest.config : module.manifest.provides[implementationId]?.config)?.[name];
    const value = (ofModule ? module.config : module.implementations[implementationId])?.[name];
    return entry && value !== undefined ? { entry, value } : undefined;
  }

  set({ moduleId, implementationId, name }: ParameterId, value: ConfigValue): void {
    const module = this.#modules.get(moduleId);
    if (!module) return;
    const changed =
      implementationId === MODULE_LEVEL
        ? { config: { ...module.config, [name]: value } }
        : {
            implementations: {
              ...module.implementations,
              [implementationId]: { ...module.implementations[implementationId], [name]: value },
            },
          };
    this.#modules.set(moduleId, { ...module, ...changed });
  }
}
