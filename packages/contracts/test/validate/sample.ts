import type { JsonSchema } from '../../src/index.ts';

/** Finds a referenced type. */
export type Lookup = (reference: string) => JsonSchema;

/** A value with every property that the schema allows, at the lower limits. References that nest in themselves end at `depth`. */
export function sample(schema: JsonSchema, lookup: Lookup, depth = 0): unknown {
  if (schema.$ref !== undefined) {
    const target = lookup(schema.$ref);
    return sample(
      { ...target, ...(schema.minLength === undefined ? {} : { minLength: schema.minLength }) },
      lookup,
      depth + 1,
    );
  }
  if (schema.enum) return schema.enum.find((value) => String(value).length >= (schema.minLength ?? 0));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema.minimum ?? Math.min(0, schema.maximum ?? 0);
    case 'string':
      return text(schema);
    case 'array': {
      const length = depth > 6 ? (schema.minItems ?? 0) : Math.max(1, schema.minItems ?? 0);
      return Array.from({ length }, () => sample(schema.items ?? {}, lookup, depth + 1));
    }
    case 'object': {
      const required = new Set(schema.required ?? []);
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => depth <= 6 || required.has(name))
          .map(([name, property]) => [name, sample(property, lookup, depth + 1)]),
      );
    }
    default:
      return null;
  }
}

function text(schema: JsonSchema): string {
  if (schema.format === 'date-time') return '2026-01-31T12:00:00.000Z';
  const candidates = [
    'abc',
    'a',
    '1',
    'AB',
    'DE*ABC*E1',
    '00:00:00:00:00:00',
    '#ff00ff',
    'a'.repeat(schema.minLength ?? 0),
  ];
  const pattern = new RegExp(schema.pattern ?? '', 'u');
  const fitting = candidates.find(
    (candidate) =>
      pattern.test(candidate) &&
      candidate.length >= (schema.minLength ?? 0) &&
      candidate.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY),
  );
  if (fitting === undefined) throw new Error(`no sample for ${JSON.stringify(schema)}`);
  return fitting;
}
