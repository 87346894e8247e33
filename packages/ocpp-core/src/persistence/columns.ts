import type { Row } from '@chargemesh/base';

/** A column that the schema declares TEXT NOT NULL. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : String(value);
}

/** A column that the schema declares TEXT. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

/** A column that the schema declares INTEGER NOT NULL. */
export function integer(row: Row, column: string): number {
  return Number(row[column]);
}

/** A column that the schema declares INTEGER. */
export function optionalInteger(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** The member of `words` that a column holds; the first one where it holds none of them. */
export function word<const W extends string>(row: Row, column: string, words: readonly [W, ...W[]]): W {
  return words.find((candidate) => candidate === row[column]) ?? words[0];
}
