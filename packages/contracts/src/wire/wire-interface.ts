import type { ErrorsContract } from '../model/errors-contract.ts';
import type { InterfaceContract } from '../model/interface-contract.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import { mapValues, wireSchema } from './wire-schema.ts';

/** One error as it stands in a distributed interface. */
export interface WireError {
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
}

/** An interface as the manager distributes it. */
export interface WireInterface {
  readonly cmds: Readonly<
    Record<string, { readonly arguments: Readonly<Record<string, JsonSchema>>; readonly result: JsonSchema }>
  >;
  readonly vars: Readonly<Record<string, JsonSchema>>;
  /** Namespace to name to error. */
  readonly errors: Readonly<Record<string, Readonly<Record<string, WireError>>>>;
}

/**
 * The payload of `interface_definitions/<name>`.
 * @see reference bus.md 1.4, no. 2
 */
export function wireInterface(
  contract: InterfaceContract,
  errorsOf: (namespace: string) => ErrorsContract,
): WireInterface {
  const errors: Record<string, Record<string, WireError>> = {};
  for (const type of contract.errors) {
    const [namespace = '', name = ''] = type.split('/');
    const description = errorsOf(namespace).errors[name] ?? '';
    errors[namespace] = { ...errors[namespace], [name]: { name, description, namespace } };
  }
  return {
    cmds: mapValues(contract.commands, (command) => ({
      arguments: mapValues(command.arguments, wireSchema),
      result: wireSchema(command.result),
    })),
    vars: mapValues(contract.variables, ({ schema, qos }) => ({ ...wireSchema(schema), qos })),
    errors,
  };
}
