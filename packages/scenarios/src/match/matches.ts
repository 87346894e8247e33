/**
 * Whether a value holds what a pattern asks for. Objects may have more than the pattern says, lists may not. `*` is anything, null is
 * nothing at all, `>= 5`, `<= 5`, `> 5`, `< 5` hold numbers (also those that are written as text) against one, and `/…/` is a regular
 * expression.
 */
export function matches(value: unknown, pattern: unknown): boolean {
  if (pattern === null) return value === undefined || value === null;
  if (typeof pattern === 'string') return matchesText(value, pattern);
  if (typeof pattern !== 'object' || pattern === undefined) return value === pattern;
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      value.length === pattern.length &&
      pattern.every((item, index) => matches(value[index], item))
    );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(pattern).every(([key, item]) => matches(fields[key], item));
}

function matchesText(value: unknown, pattern: string): boolean {
  if (pattern === '*') return value !== undefined && value !== null;
  const [, sign, limit] = /^([<>]=?)\s*(-?\d+(?:\.\d+)?)$/.exec(pattern) ?? [];
  if (sign !== undefined) return compare(Number(value), sign, Number(limit));
  if (pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/'))
    return new RegExp(pattern.slice(1, -1)).test(String(value));
  return value === pattern;
}

function compare(value: number, sign: string, limit: number): boolean {
  switch (sign) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    default:
      return value <= limit;
  }
}
