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

/**
 * How peers learn of a variable again when its module was started anew: it is told as soon as the module is `ready`, or with its next
 * `change`; from the `journal`, where it is an event that nobody may miss. `never`: this module does not publish it at all.
 */
export type Again = 'ready' | 'change' | 'journal' | 'never';

/** One implementation that a module offers. */
export interface Provision {
  readonly description: string;
  readonly interface: string;
  /** By variable: each state, and those events that have a journal. */
  readonly again?: Readonly<Record<string, Again>>;
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
  /** What the module does about this connection when the peer leaves or returns, and with it when it returns itself. */
  readonly rejoin?: string | undefined;
}

/** What becomes of a module that dies and is started anew alone. */
export interface Rejoin {
  /** What it finds again, and what it does not. */
  readonly keeps: string;
  /** What the others see and do while it is away. */
  readonly away: string;
}

/** What a module offers, needs and can be configured with. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly config: Readonly<Record<string, ConfigEntry>>;
  readonly provides: Readonly<Record<string, Provision>>;
  readonly requires: Readonly<Record<string, Requirement>>;
  readonly rejoin?: Rejoin | undefined;
  readonly enableExternalMqtt: boolean;
  readonly enableTelemetry: boolean;
  readonly enableGlobalErrors: boolean;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly license: string;
    readonly authors: readonly string[];
  };
}
