/** A primitive type name of JSON Schema. */
export type JsonTypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/**
 * The part of JSON Schema draft-07 that contract files use. Contracts brought by a third party may use more keywords; they pass
 * through untouched.
 *
 * `$ref` has the mesh's own form `/file#/TypeName` and may stand beside `type`.
 */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: JsonTypeName | readonly JsonTypeName[];
  readonly $ref?: string;
  readonly format?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly default?: JsonValue;
  readonly [keyword: string]: unknown;
}

/** Any value that JSON can carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };
