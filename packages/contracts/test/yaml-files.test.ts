import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { repositoryFolder } from '../src/index.ts';

const SCHEMAS = join(repositoryFolder, 'schemas');
/** Files of other programs, whose form is not ours. */
const OF_OTHERS = ['docker-compose.yml', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
/** Where nothing is ours to write by hand. */
const LEFT_OUT = ['node_modules', 'dist', 'bundle', 'coverage', 'validators'];

/** Every YAML file below a folder; folders with a dot in front belong to tools. */
function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || LEFT_OUT.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return yamlFiles(path);
    return /\.ya?ml$/.test(entry.name) && !OF_OTHERS.includes(relative(repositoryFolder, path)) ? [path] : [];
  });
}

const compiled = new Map<string, ValidateFunction>();

/** @param schema its path */
function validatorOf(schema: string): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  for (const name of readdirSync(SCHEMAS))
    if (join(SCHEMAS, name) !== schema) ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')));
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  compiled.set(schema, validate);
  return validate;
}

/** What is wrong with a document, by one of the schemas. */
function faultsOf(schema: string, document: unknown): unknown[] {
  const validate = validatorOf(join(SCHEMAS, `${schema}.schema.json`));
  return validate(document) ? [] : (validate.errors ?? []);
}

describe('every YAML file of ours names its schema, so that editors check it, and passes it', () => {
  const files = yamlFiles(repositoryFolder).map((path) => relative(repositoryFolder, path));

  test('all kinds of them are found', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'config-sil-ocpp.yaml',
        'config/tags.yaml',
        'examples/hello-module/config.yaml',
        'examples/scenarios/card-then-car.yaml',
        'interfaces/auth.yaml',
      ]),
    );
  });

  test.each(files)('%s', (file) => {
    const path = join(repositoryFolder, file);
    const text = readFileSync(path, 'utf8');
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? 'its first line names no schema';
    const schema = join(dirname(path), named);
    expect(readdirSync(SCHEMAS).map((name) => join(SCHEMAS, name))).toContain(schema);
    const validate = validatorOf(schema);
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
  });
});

describe('the schema of the cards', () => {
  test.each([
    'tags: {}',
    'unknown: Accepted',
    'tags: { A: Accepted, B: Blocked, C: Expired, D: Invalid, E: ConcurrentTx, 00123: Accepted }',
    'tags: { A: {}, B: { status: Blocked, parent: 4711, expires: 2024-12-31T23:59:59Z, single: true } }',
    `tags: { ${'x'.repeat(20)}: Accepted }`,
  ])('takes %s', (text) => {
    expect(faultsOf('tags', parse(text))).toEqual([]);
  });

  // What the CSMS refuses too, in packages/csms/test/tags.
  test.each([
    'tags: { A: Acepted }',
    'unknown: Maybe',
    'tags: {}\ncards: {}',
    'tags: { A: { group: X } }',
    `tags: { ${'x'.repeat(21)}: Accepted }`,
    'tags: { A: { expires: tomorrow } }',
    'tags: { A: { single: maybe } }',
    `tags: { A: { parent: ${'x'.repeat(21)} } }`,
    'tags: { A: }',
    '- A',
  ])('refuses %s', (text) => {
    expect(faultsOf('tags', parse(text))).not.toEqual([]);
  });
});
