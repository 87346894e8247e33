import type { ConfigValue } from '@chargemesh/contracts';
import type { Mapping } from '../module/mesh-error.ts';

/** Where a module and its implementations stand. */
export interface ModuleMapping {
  readonly module?: Mapping;
  readonly implementations: Readonly<Record<string, Mapping>>;
}

/** One connection of a requirement. */
export interface Connection {
  readonly moduleId: string;
  readonly implementationId: string;
}

/** All that a module is told about itself: the manager's answer to `Get/Module` (bus.md 1.5). */
export interface ModuleInfo {
  readonly id: string;
  readonly name: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** Implementation id to its configuration. */
  readonly implementations: Readonly<Record<string, Readonly<Record<string, ConfigValue>>>>;
  /** Requirement id to its connections, in order. */
  readonly connections: Readonly<Record<string, readonly Connection[]>>;
  readonly mapping: ModuleMapping | undefined;
  /** The mapping of each module that this one is connected to. */
  readonly peers: Readonly<Record<string, ModuleMapping | undefined>>;
  /** The id under which it sends telemetry. */
  readonly telemetryId: number | undefined;
}

/**
 * Where an implementation stands: its own mapping first, the module's else. The connector is inherited where the implementation's mapping
 * gives none (bus.md 3.4).
 */
export function mappingOf(mapping: ModuleMapping | undefined, implementation?: string): Mapping | undefined {
  if (!mapping) return undefined;
  const own = implementation === undefined ? undefined : mapping.implementations[implementation];
  if (!own) return mapping.module;
  const connector = own.connector ?? mapping.module?.connector;
  return connector === undefined ? { evse: own.evse } : { evse: own.evse, connector };
}
