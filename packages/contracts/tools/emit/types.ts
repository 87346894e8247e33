import type { TypesContract } from '../../src/model/types-contract.ts';
import { documentation, generatedFile, members, referencesOf, schemaToType } from './schema-to-type.ts';

/**
 * One file of types. Types of sibling files are imported as a namespace named for the file, so that equal names of two files do not
 * meet.
 */
export function emitTypes(contract: TypesContract): string {
  const schemas = Object.values(contract.types);
  const imported = [...new Set(schemas.flatMap(referencesOf).map(({ file }) => file))]
    .filter((file) => file !== contract.file)
    .sort();
  const reference = (file: string, type: string) => (file === contract.file ? type : `${file}.${type}`);
  const imports = imported.map((file) => `import type * as ${file} from './${file}.ts';\n`).join('');
  const body = Object.entries(contract.types)
    .map(([name, schema]) => {
      const comment = documentation(schema.description);
      return schema.properties
        ? `${comment}export interface ${name} {\n${members(schema, reference, '  ')}}\n`
        : `${comment}export type ${name} = ${schemaToType(schema, reference)};\n`;
    })
    .join('\n');
  return generatedFile(`${imports}\n${body}`);
}

/** The index of all files of types, each a namespace. */
export function emitTypesIndex(files: readonly string[]): string {
  return generatedFile(files.map((file) => `export type * as ${file} from './types/${file}.ts';\n`).join(''));
}
