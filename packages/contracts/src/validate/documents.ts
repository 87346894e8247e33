import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The kinds of YAML files that have a schema in `schemas/`. */
export type DocumentKind = 'interface' | 'types' | 'errors' | 'manifest' | 'configuration' | 'user-config';

export const DOCUMENT_KINDS: readonly DocumentKind[] = [
  'interface',
  'types',
  'errors',
  'manifest',
  'configuration',
  'user-config',
];

const require = createRequire(import.meta.url);

/**
 * Compiles the schemas of YAML files, `<folder>/<kind>.schema.json`, to the text of a CommonJS module that exports one validator a
 * kind.
 */
export function compileDocumentSchemas(folder: string): string {
  const { Ajv }: typeof import('ajv') = require('ajv');
  const standalone: typeof import('ajv/dist/standalone/index.js') = require('ajv/dist/standalone');
  const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    allowUnionTypes: true,
    inlineRefs: false,
    messages: false,
    validateFormats: false,
    code: { source: true },
  });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
    if (file === 'mesh.schema.json') continue;
    ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  }
  const source = standalone.default(
    ajv,
    Object.fromEntries(DOCUMENT_KINDS.map((kind) => [kind, `${kind}.schema.json`])),
  );
  return source.replaceAll('require("ajv/dist/runtime/ucs2length").default', '(s) => [...s].length');
}
