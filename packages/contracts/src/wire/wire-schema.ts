import type { JsonSchema } from '../model/json-schema.ts';

/** A schema without descriptions and without our own `x-` keys, as modules of the reference are given it. */
export function wireSchema(schema: JsonSchema): JsonSchema {
  const { items, properties, additionalProperties, ...rest } = schema;
  const kept = Object.entries(rest).filter(([keyword]) => keyword !== 'description' && !keyword.startsWith('x-'));
  return {
    ...Object.fromEntries(kept),
    ...(items === undefined ? {} : { items: wireSchema(items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, wireSchema) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'boolean' ? additionalProperties : wireSchema(additionalProperties),
        }),
  };
}

export function mapValues<A, B>(entries: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, map(value)]));
}
