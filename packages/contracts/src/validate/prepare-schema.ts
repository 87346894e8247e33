import type { JsonSchema } from '../model/json-schema.ts';

/**
 * The form of time on the bus: UTC with `Z`. Readers slice fixed columns, so an offset would be misread in silence. Milliseconds are
 * the rule, but the reference's simulated meter leaves them out.
 * @see reference bus.md 1.9
 */
export const TIMESTAMP_PATTERN =
  '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d{1,9})?Z$';

/** Finds the schema of a referenced type. */
export type TypeLookup = (file: string, type: string) => JsonSchema | undefined;

const FOR_NUMBERS = ['minimum', 'maximum'];
const FOR_STRINGS = ['minLength', 'maxLength', 'pattern'];

/**
 * Turns a contract's schema into one that Ajv compiles in strict mode:
 * - references `/file#/Name` become `<file>#/definitions/Name`;
 * - what stands beside a reference is dropped unless it narrows the referenced type: Ajv evaluates siblings, and the contracts say
 *   `type: object` beside references to strings, which nothing could satisfy;
 * - limits that do not apply to the type (a `minimum` beside an object) are dropped;
 * - `format: date-time` becomes the one form that the bus allows;
 * - descriptions, defaults and extension keys are dropped.
 */
export function prepareSchema(schema: JsonSchema, lookup: TypeLookup): Record<string, unknown> {
  if (schema.$ref !== undefined) return prepareReference(schema, schema.$ref, lookup);
  const prepared: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (isAnnotation(keyword) || !applies(keyword, schema.type)) continue;
    prepared[keyword] = value;
  }
  if (schema.format === 'date-time') {
    delete prepared.format;
    prepared.pattern = TIMESTAMP_PATTERN;
  }
  if (schema.items) prepared.items = prepareSchema(schema.items, lookup);
  if (schema.properties) {
    prepared.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, prepareSchema(property, lookup)]),
    );
  }
  if (typeof schema.additionalProperties === 'object') {
    prepared.additionalProperties = prepareSchema(schema.additionalProperties, lookup);
  }
  return prepared;
}

function prepareReference(schema: JsonSchema, reference: string, lookup: TypeLookup): Record<string, unknown> {
  const [file = '', type = ''] = reference.slice(1).split('#/');
  const target = lookup(file, type);
  const prepared: Record<string, unknown> = { $ref: `${file}#/definitions/${type}` };
  if (target?.type !== 'string') return prepared;
  for (const keyword of FOR_STRINGS) {
    if (schema[keyword] !== undefined) Object.assign(prepared, { type: 'string', [keyword]: schema[keyword] });
  }
  return prepared;
}

function isAnnotation(keyword: string): boolean {
  return keyword === 'description' || keyword === 'default' || keyword === 'qos' || keyword.startsWith('x-');
}

function applies(keyword: string, type: JsonSchema['type']): boolean {
  if (typeof type !== 'string') return true;
  if (FOR_NUMBERS.includes(keyword)) return type === 'number' || type === 'integer';
  if (FOR_STRINGS.includes(keyword)) return type === 'string';
  return true;
}
