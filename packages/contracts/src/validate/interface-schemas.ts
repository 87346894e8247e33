import type { InterfaceContract } from '../model/interface-contract.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { ConfigEntry, Manifest } from '../model/manifest.ts';

/** The names under which the validators of an interface or a manifest are compiled and looked up. */
export const validatorId = {
  variable: (name: string): string => `var.${name}`,
  args: (command: string): string => `args.${command}`,
  result: (command: string): string => `result.${command}`,
  config: (implementation: string | undefined): string =>
    implementation === undefined ? 'module' : `impl.${implementation}`,
};

/** Everything of an interface that is validated, by validator id. */
export function interfaceSchemas(contract: InterfaceContract): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const [name, { schema }] of Object.entries(contract.variables)) schemas[validatorId.variable(name)] = schema;
  for (const [name, command] of Object.entries(contract.commands)) {
    schemas[validatorId.result(name)] = command.result;
    schemas[validatorId.args(name)] = {
      type: 'object',
      properties: command.arguments,
      required: Object.keys(command.arguments),
    };
  }
  return schemas;
}

/** The configuration of a module and of each of its implementations, by validator id. */
export function configSchemas(manifest: Manifest): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = { [validatorId.config(undefined)]: configSchema(manifest.config) };
  for (const [id, { config }] of Object.entries(manifest.provides)) {
    schemas[validatorId.config(id)] = configSchema(config);
  }
  return schemas;
}

/** Keys without a default are mandatory; unknown keys are no fault, since configurations with such keys run today. */
function configSchema(entries: Readonly<Record<string, ConfigEntry>>): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(entries).map(([key, { schema }]) => [key, schema])),
    required: Object.entries(entries)
      .filter(([, entry]) => entry.default === undefined)
      .map(([key]) => key),
  };
}
