import type { JsonSchema } from './json-schema.ts';

/** The scalars that a configuration can hold. */
export type ConfigValue = boolean | number | string;

/** Whether a configuration value can be set while the module runs. */
export type Mutability = 'ReadOnly' | 'ReadWrite' | 'WriteOnly';

/** One key that a module, or one of its implementations, can be configured with. */
export interface ConfigEntry {
  readonly description: string;
  readonly type: 'boolean' | 'integer' | 'number' | 'string';
  readonly mutability: Mutability;
  /** Absent: the configuration has to give a value. */
  readonly default?: ConfigValue;
  /** The entry as a JSON Schema: limits, enum and so on. */
  readonly schema: JsonSchema;
}

/** One implementation that a module offers. */
export interface Provision {
  readonly description: string;
  readonly interface: string;
  readonly config: Readonly<Record<string, ConfigEntry>>;
}

/** One connection that a module needs. */
export interface Requirement {
  readonly interface: string;
  /** 0: the module works without it. */
  readonly minConnections: number;
  readonly maxConnections: number;
  /** Variables and errors of the peer that the module does not want. */
  readonly ignore: { readonly vars: readonly string[]; readonly errors: boolean };
}

/** What a module offers, needs and can be configured with. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly config: Readonly<Record<string, ConfigEntry>>;
  readonly provides: Readonly<Record<string, Provision>>;
  readonly requires: Readonly<Record<string, Requirement>>;
  readonly enableExternalMqtt: boolean;
  readonly enableTelemetry: boolean;
  readonly enableGlobalErrors: boolean;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly license: string;
    readonly authors: readonly string[];
  };
}
