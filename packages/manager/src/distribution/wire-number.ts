import type { ConfigEntry, ConfigValue } from '@chargemesh/contracts';

declare global {
  interface JSON {
    /** Text that `JSON.stringify` takes over as it is. */
    rawJSON(text: string): object;
  }
}

/**
 * A configuration value for `JSON.stringify`. A value of type `number` always has a decimal point or an exponent, `230.0`: modules of
 * EVerest choose the type by the token and end themselves over `230`.
 *
 * @see reference bus.md 1.5
 */
export function wireValue(value: ConfigValue, type: ConfigEntry['type']): unknown {
  return type === 'number' && typeof value === 'number' ? JSON.rawJSON(numberToken(value)) : value;
}

function numberToken(value: number): string {
  if (!Number.isInteger(value)) return String(value);
  // Beyond this, toFixed would write digits that the value does not have.
  return Math.abs(value) < 1e15 ? value.toFixed(1) : value.toExponential();
}
