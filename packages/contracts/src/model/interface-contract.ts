import type { JsonSchema } from './json-schema.ts';

/** Deadline of a command whose contract names none. */
export const DEFAULT_DEADLINE_S = 300;

/**
 * How a variable behaves towards late joiners: a `state` has a present value that a module which starts later needs, an `event`
 * happened once and is never replayed.
 */
export type VariableKind = 'state' | 'event';

/** One command of an interface. */
export interface CommandContract {
  readonly description: string;
  /** All are mandatory on the wire. */
  readonly arguments: Readonly<Record<string, JsonSchema>>;
  /** `{ type: 'null' }` where the command returns nothing. */
  readonly result: JsonSchema;
  /** How long a caller waits for the answer, in seconds. */
  readonly deadlineS: number;
}

/** One variable of an interface. */
export interface VariableContract {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly kind: VariableKind;
  /** As written in the contract; the mesh publishes everything with QoS 2. */
  readonly qos: 0 | 1 | 2;
}

/** An interface with every default filled in. */
export interface InterfaceContract {
  readonly name: string;
  readonly description: string;
  readonly commands: Readonly<Record<string, CommandContract>>;
  readonly variables: Readonly<Record<string, VariableContract>>;
  /** The error types that a provider may raise, `<namespace>/<Name>`. */
  readonly errors: readonly string[];
}
