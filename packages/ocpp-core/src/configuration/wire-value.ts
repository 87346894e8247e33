import type { KeySpec } from './key-spec.ts';
import { itemsOf } from './text-rules.ts';

/** The longest value that OCPP can carry. @see OCPP 1.6, 7.29 KeyValue */
export const longestWireValue = 500;

/** The largest integer of OCPP's peers. */
const LARGEST_INTEGER = 2_147_483_647;

/**
 * Reads what ChangeConfiguration brings.
 * @returns undefined where the text is no value of this type
 */
export function parseWireValue(spec: KeySpec, text: string): unknown {
  switch (spec.type) {
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
    case 'integer': {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
      return Math.abs(value) <= LARGEST_INTEGER ? value + 0 : undefined;
    }
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'string':
      return spec.rule === 'measurands' || spec.rule === 'phaseRotation' ? itemsOf(text).join(',') : text;
    case 'list':
      return itemsOf(text);
    case 'object':
      return parseJson(text);
  }
}

/** Writes a value as GetConfiguration tells it. */
export function writeWireValue(spec: Pick<KeySpec, 'separator'>, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(spec.separator ?? ',');
  return JSON.stringify(value) ?? '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
