import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { checkDocument, repositoryFolder } from '../src/index.ts';
import { hasReference, referenceText } from './reference.ts';

const FILES = [
  ['interfaces', 'interface'],
  ['types', 'types'],
  ['errors', 'errors'],
  ['manifests', 'manifest'],
] as const;

describe.each(FILES)('the files of %s/', (folder, kind) => {
  const names = readdirSync(join(repositoryFolder, folder));

  test.each(names)('%s fits its schema, names it, and describes everything', (name) => {
    const text = readFileSync(join(repositoryFolder, folder, name), 'utf8');
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../schemas/${kind}.schema.json`);
    const document = parse(text);
    expect(checkDocument(kind, document)).toEqual([]);
    expect(textsOf(document).filter((description) => !isText(description))).toEqual([]);
  });
});

/** Every description of a document; what stands under `properties`, `arguments` and the like has names for keys, not keywords. */
function textsOf(value: unknown, named = false): unknown[] {
  if (Array.isArray(value)) return value.flatMap((part) => textsOf(part));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (!named && key === 'description') return [part];
    return textsOf(
      part,
      !named && ['properties', 'arguments', 'cmds', 'vars', 'types', 'config', 'provides'].includes(key),
    );
  });
}

function isText(description: unknown): boolean {
  return (
    typeof description === 'string' &&
    /^["(]?[A-Z0-9]/.test(description) &&
    /[.)]$/.test(description) &&
    !/to be described/i.test(description)
  );
}

test.each(readdirSync(join(repositoryFolder, 'interfaces')))(
  '%s says of each variable whether it is a state or an event',
  (name) => {
    const { vars = {} } = parse(readFileSync(join(repositoryFolder, 'interfaces', name), 'utf8'));
    const undecided = Object.keys(vars).filter((variable) => !['state', 'event'].includes(vars[variable]['x-kind']));
    expect(undecided).toEqual([]);
  },
);

test('nothing that is generated is stale', () => {
  const tool = join(repositoryFolder, 'packages/contracts/tools/generate.ts');
  const run = spawnSync(process.execPath, ['--conditions=development', tool, '--check'], { encoding: 'utf8' });
  expect([run.stderr, run.status]).toEqual(['', 0]);
});

describe('the schema that editors complete a configuration with', () => {
  const schema = JSON.parse(readFileSync(join(repositoryFolder, 'schemas/mesh.schema.json'), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  const withModule = (module: object) => validate({ active_modules: { a: module } });

  test('knows the keys of each module', () => {
    expect(withModule({ module: 'EvseManager', config_module: { connector_id: 1, charge_mode: 'AC' } })).toBe(true);
    expect(withModule({ module: 'EvseManager', config_module: { connector_id: 1, charge_mode: 'MC' } })).toBe(false);
    expect(withModule({ module: 'EvseManager', config_module: {} })).toBe(false);
    expect(withModule({ module: 'EvseManager', connections: { no_such: [] } })).toBe(false);
  });

  test('lets modules of others pass', () => {
    expect(withModule({ module: 'Greeter', config_module: { greeting: 'hello' } })).toBe(true);
  });

  (hasReference ? test : test.skip).each([
    'config-sil-ocpp',
    'config-sil-two-evse',
    'config-sil',
    'config-sil-dc',
    'config-sil-ocpp-pnc',
  ])('accepts %s of the reference', (name) => {
    const document = parse(hasReference ? referenceText(`data/configs/${name}.yaml`) : '{}');
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(checkDocument('configuration', document)).toEqual([]);
  });
});
