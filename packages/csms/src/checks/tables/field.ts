/**
 * What one field of a message may hold, in the words of the OCPP 1.6 specification. The tables of this folder are typed in from its
 * text by hand, so that they are a second opinion beside the JSON schemas.
 */
export type Field =
  /** CiStringN and string types; lengths count characters (code points), not UTF-16 units. */
  | { readonly kind: 'text'; readonly max?: number; readonly min?: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'integer'; readonly min?: number }
  /** A decimal with one digit after the point at most, such as a charging limit. */
  | { readonly kind: 'tenth'; readonly min?: number }
  | { readonly kind: 'flag' }
  /** dateTime; this software holds a station to UTC with a trailing Z and three fractional digits at most. */
  | { readonly kind: 'time' }
  | { readonly kind: 'object'; readonly fields: Fields }
  | { readonly kind: 'list'; readonly of: Field; readonly min: number; readonly max?: number };

/** The fields of a message or of a class. A name that ends in `?` is optional (0..1), any other is required (1..1). */
export interface Fields {
  readonly [name: string]: Field;
}

/** CiString20, CiString50, … : at most `max` characters, and at least `min`. */
export const text = (max?: number, min?: number): Field => ({
  kind: 'text',
  ...(max === undefined ? {} : { max }),
  ...(min === undefined ? {} : { min }),
});
export const oneOf = (values: readonly string[]): Field => ({ kind: 'enum', values });
export const integer = (min?: number): Field => ({ kind: 'integer', ...(min === undefined ? {} : { min }) });
export const tenth = (min?: number): Field => ({ kind: 'tenth', ...(min === undefined ? {} : { min }) });
export const flag: Field = { kind: 'flag' };
export const time: Field = { kind: 'time' };
export const object = (fields: Fields): Field => ({ kind: 'object', fields });
export const list = (of: Field, min = 1, max?: number): Field => ({
  kind: 'list',
  of,
  min,
  ...(max === undefined ? {} : { max }),
});

/** Who may send an action as a CALL. */
export type Sender = 'station' | 'csms' | 'both';

/** One action: who sends it, and the fields of its request and its answer. */
export interface MessageTable {
  readonly sender: Sender;
  readonly request: Fields;
  readonly response: Fields;
}

export type MessageTables = Readonly<Record<string, MessageTable>>;
