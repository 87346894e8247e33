import { createRequire } from 'node:module';
import type { ContractFiles } from '../load/contract-files.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { SchemaFault } from './explain.ts';
import { prepareSchema } from './prepare-schema.ts';

/** A validator as Ajv compiles it: true, or false with what is wrong in `errors`. */
export interface CompiledValidator {
  (value: unknown): boolean;
  errors?: readonly SchemaFault[] | null;
}

/** Compiled validators by id. */
export type CompiledValidators = Readonly<Record<string, CompiledValidator>>;

// Ajv costs 30 ms to load and is needed for contracts that were not compiled ahead alone.
const require = createRequire(import.meta.url);

type Types = ContractFiles['types'];

/** Compiles schemas in this process. References resolve in `types`. */
export function compileNow(schemas: Readonly<Record<string, JsonSchema>>, types: Types): CompiledValidators {
  const ajv = ajvWith(schemas, types, false);
  const compiled: Record<string, CompiledValidator> = {};
  for (const id of Object.keys(schemas)) {
    const validator = ajv.getSchema(id);
    if (!validator) throw new Error(`schema ${id} was not compiled`);
    compiled[id] = (value) => {
      const valid = validator(value) === true;
      Object.assign(compiled[id] ?? {}, { errors: valid ? null : (validator.errors ?? []) });
      return valid;
    };
  }
  return compiled;
}

/** Compiles schemas to the text of a CommonJS module that exports each validator under its id and needs no Ajv at run time. */
export function compileToSource(schemas: Readonly<Record<string, JsonSchema>>, types: Types): string {
  const standalone: typeof import('ajv/dist/standalone/index.js') = require('ajv/dist/standalone');
  const ids = Object.keys(schemas);
  const source = standalone.default(ajvWith(schemas, types, true), Object.fromEntries(ids.map((id) => [id, id])));
  return withoutRequires(source);
}

/** The only helper that contracts' keywords need counts characters; it is written out, so that the text stands alone. */
function withoutRequires(source: string): string {
  const text = source.replaceAll('require("ajv/dist/runtime/ucs2length").default', '(s) => [...s].length');
  const left = /require\([^)]*\)/.exec(text);
  if (left) throw new Error(`a compiled validator wants ${left[0]}`);
  return text;
}

/** @param strict refuses keywords that Ajv does not know: ours have none, those of others may */
function ajvWith(schemas: Readonly<Record<string, JsonSchema>>, types: Types, strict: boolean) {
  const { Ajv }: typeof import('ajv') = require('ajv');
  const lookup = (file: string, type: string): JsonSchema | undefined => types[file]?.types[type];
  const ajv = new Ajv({
    strict,
    validateFormats: false,
    logger: false,
    allErrors: true,
    allowUnionTypes: true,
    inlineRefs: false,
    messages: false,
    multipleOfPrecision: 6,
    code: { source: true },
  });
  for (const file of Object.keys(types)) {
    const definitions = Object.entries(types[file]?.types ?? {}).map(([name, schema]) => [
      name,
      prepareSchema(schema, lookup),
    ]);
    ajv.addSchema({ $id: file, definitions: Object.fromEntries(definitions) });
  }
  for (const [id, schema] of Object.entries(schemas)) ajv.addSchema(prepareSchema(schema, lookup), id);
  return ajv;
}
