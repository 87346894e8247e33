import type { CommandContract, InterfaceContract } from '../../src/model/interface-contract.ts';
import type { JsonSchema } from '../../src/model/json-schema.ts';
import { documentation, generatedFile, propertyName, referencesOf, schemaToType } from './schema-to-type.ts';

const reference = (file: string, type: string) => `${file}.${type}`;

/** One interface: its commands, variables and error types. */
export function emitInterface(contract: InterfaceContract): string {
  const schemas: readonly JsonSchema[] = [
    ...Object.values(contract.commands).flatMap((command) => [...Object.values(command.arguments), command.result]),
    ...Object.values(contract.variables).map((variable) => variable.schema),
  ];
  const imported = [...new Set(schemas.flatMap(referencesOf).map(({ file }) => file))].sort();
  const commands = Object.entries(contract.commands).map(
    ([name, command]) =>
      `${documentation(command.description, '    ')}    ${propertyName(name)}: ${commandType(command)};\n`,
  );
  const variables = Object.entries(contract.variables).map(
    ([name, variable]) =>
      `${documentation(variable.description, '    ')}    ${propertyName(name)}: ${schemaToType(variable.schema, reference, '    ')};\n`,
  );
  const errors = contract.errors.length > 0 ? contract.errors.map((type) => `\n    | '${type}'`).join('') : ' never';
  const body = `${documentation(contract.description)}export interface ${interfaceTypeName(contract.name)} {
  commands: ${block(commands)};
  variables: ${block(variables)};
  errors:${errors};
}
`;
  const imports = [
    ...(body.includes('JsonValue') ? ["import type { JsonValue } from '../../model/json-schema.ts';\n"] : []),
    ...imported.map((file) => `import type * as ${file} from '../types/${file}.ts';\n`),
  ];
  return generatedFile(`${imports.join('')}${imports.length > 0 ? '\n' : ''}${body}`);
}

function commandType(command: CommandContract): string {
  const names = Object.entries(command.arguments);
  const parameters = names
    .map(
      ([name, schema]) =>
        `${documentation(schema.description, '        ')}        ${propertyName(name)}: ${schemaToType(schema, reference, '        ')};\n`,
    )
    .join('');
  const args = names.length > 0 ? `{\n${parameters}      }` : 'Record<string, never>';
  return `{\n      args: ${args};\n${documentation(command.result.description, '      ')}      result: ${schemaToType(command.result, reference, '      ')};\n    }`;
}

function block(lines: readonly string[]): string {
  return lines.length > 0 ? `{\n${lines.join('')}  }` : '{}';
}

/** The index: each interface by its name on the bus. */
export function emitInterfacesIndex(contracts: readonly InterfaceContract[]): string {
  const imports = contracts
    .map(({ name }) => `import type { ${interfaceTypeName(name)} } from './interfaces/${name}.ts';\n`)
    .join('');
  const exports = contracts
    .map(({ name }) => `export type { ${interfaceTypeName(name)} } from './interfaces/${name}.ts';\n`)
    .join('');
  const entries = contracts
    .map(({ name, description }) => `${documentation(description, '  ')}  ${name}: ${interfaceTypeName(name)};\n`)
    .join('');
  return generatedFile(`${imports}
${exports}
/** Every interface of the mesh by its name. */
export interface Interfaces {
${entries}}

/** The name of an interface. */
export type InterfaceName = keyof Interfaces;
`);
}

/** `ocpp_1_6_charge_point` becomes `Ocpp16ChargePointInterface`. */
export function interfaceTypeName(name: string): string {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Interface`;
}
