import type { ConfigPath } from '../finding.ts';
import type { Findings } from '../findings.ts';
import { isObject } from '../merge-patch.ts';
import { NAME_PATTERNS, type Shape } from '../shape.ts';
import { suggest } from '../suggest.ts';

/**
 * Finds what has the wrong form: keys that nobody knows, missing ones, a list where a mapping belongs.
 * @returns what has the right form, for the rules that come after; undefined where nothing is left
 */
export function checkStructure(findings: Findings, value: unknown, shape: Shape, path: ConfigPath = []): unknown {
  const wrong = (form: string): undefined => reportForm(findings, path, value, form);
  switch (shape.kind) {
    case 'keys':
      return isObject(value) ? checkKeys(findings, value, shape, path) : wrong('keys with values');
    case 'names':
      return isObject(value) ? checkNames(findings, value, shape, path) : wrong('keys with values');
    case 'list':
      if (!Array.isArray(value)) return wrong(`a list of ${shape.what}: lines that begin with "-"`);
      return value
        .map((item, index) => checkStructure(findings, item, shape.each, [...path, index]))
        .filter((item) => item !== undefined);
    case 'scalar':
      return ['boolean', 'number', 'string'].includes(typeof value)
        ? value
        : wrong('a single value: text, a number, true or false');
    case 'text':
      if (typeof value !== 'string') return wrong(typeof value === 'object' ? 'text' : 'text: put it in quotes');
      if (shape.name) checkName(findings, value, shape.name, path);
      return value;
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong('true or false');
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('a whole number');
      checkRange(findings, value, shape, path);
      return value;
    case 'mapping':
      return isObject(value) ? value : wrong('keys with values');
  }
}

function checkKeys(
  findings: Findings,
  value: Record<string, unknown>,
  shape: Extract<Shape, { kind: 'keys' }>,
  path: ConfigPath,
): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {};
  for (const [key, content] of Object.entries(value)) {
    const known = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (known) {
      const part = checkStructure(findings, content, known, [...path, key]);
      if (part !== undefined) kept[key] = part;
    } else if (!shape.open)
      findings.report({
        code: 'CONFIG_UNKNOWN_KEY',
        path: [...path, key],
        at: 'key',
        message: `${shape.what} has no key "${key}"`,
        remedy: suggest(key, Object.keys(shape.keys)),
      });
  }
  for (const key of shape.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    findings.report({
      code: 'CONFIG_MISSING_KEY',
      path,
      at: 'key',
      message: `${shape.what} needs the key "${key}"`,
      remedy: `add ${key}: …`,
    });
  }
  return (shape.required ?? []).every((key) => Object.hasOwn(kept, key)) ? kept : undefined;
}

function checkNames(
  findings: Findings,
  value: Record<string, unknown>,
  shape: Extract<Shape, { kind: 'names' }>,
  path: ConfigPath,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, content] of Object.entries(value)) {
    const at = [...path, name];
    if (shape.name) checkName(findings, name, shape.name, at, 'key');
    const part = checkStructure(findings, content, shape.each, at);
    if (part !== undefined) kept[name] = part;
  }
  return kept;
}

function checkName(
  findings: Findings,
  name: string,
  kind: keyof typeof NAME_PATTERNS,
  path: ConfigPath,
  at: 'key' | 'value' = 'value',
): void {
  if (NAME_PATTERNS[kind].test(name)) return;
  const marks = kind === 'id' ? 'letters, digits, "_", "-" and "."' : 'letters, digits, "_" and "-"';
  findings.report({
    code: 'CONFIG_NAME',
    path,
    at,
    message: `"${name}" cannot be a name here`,
    remedy: `use ${marks}, with a letter or "_" first`,
  });
}

function checkRange(
  findings: Findings,
  value: number,
  { minimum = -Infinity, maximum = Infinity }: { minimum?: number; maximum?: number },
  path: ConfigPath,
): void {
  if (value >= minimum && value <= maximum) return;
  const range = maximum === Infinity ? `at least ${minimum}` : `${minimum} to ${maximum}`;
  findings.report({ code: 'CONFIG_RANGE', path, message: `${value} is out of range`, remedy: `it has to be ${range}` });
}

function reportForm(findings: Findings, path: ConfigPath, value: unknown, form: string): undefined {
  findings.report({
    code: 'CONFIG_TYPE',
    path,
    message: `this is ${describe(value)}, which cannot stand here`,
    remedy: `it has to be ${form}`,
  });
  return undefined;
}

/** A value in a few words. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'a mapping';
  return typeof value === 'string' ? `the text ${JSON.stringify(value)}` : `the value ${String(value)}`;
}
