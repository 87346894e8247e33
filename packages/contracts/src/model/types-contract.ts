import type { JsonSchema } from './json-schema.ts';

/** One file of types; a type is referred to as `/<file>#/<Name>`. */
export interface TypesContract {
  readonly file: string;
  readonly description: string;
  readonly types: Readonly<Record<string, JsonSchema>>;
}
