import { Ajv, type ValidateFunction } from 'ajv';
import type { FindingCode } from './finding.ts';
import type { KeySpec } from './key-spec.ts';

/** What is wrong with a value of the file. */
export interface ValueFault {
  readonly code: FindingCode;
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with the type, range or length of a value; the form of texts is looked at elsewhere. */
export function checkValue(spec: KeySpec, value: unknown): ValueFault | undefined {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : typeFault(spec, value);
    case 'integer':
      return Number.isInteger(value) ? checkRange(spec, value as number) : typeFault(spec, value);
    case 'number':
      return Number.isFinite(value) ? checkRange(spec, value as number) : typeFault(spec, value);
    case 'string':
      return typeof value === 'string' ? checkLength(spec, value) : typeFault(spec, value);
    case 'list':
      return isTextList(value) ? undefined : typeFault(spec, value);
    case 'object':
      return checkObject(spec, value);
  }
}

/** In words, what a value of this key has to be: `an integer from 0 to 100`. */
export function describeValue({ type, min, max, minLength, maxLength }: KeySpec): string {
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `an integer${span(min, max)}`;
    case 'number':
      return `a number${span(min, max)}`;
    case 'string':
      return `a text${lengthOf(minLength, maxLength)}`;
    case 'list':
      return 'a list of texts';
    case 'object':
      return 'an object';
  }
}

function span(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max === undefined ? '' : `, ${max} or less`;
}

function lengthOf(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && min === max) return ` of ${min} characters`;
  if (min !== undefined && max !== undefined) return ` of ${min} to ${max} characters`;
  if (min === 1) return ' that is not empty';
  if (min !== undefined) return ` of ${min} characters or more`;
  return max === undefined ? '' : ` of ${max} characters or less`;
}

function typeFault(spec: KeySpec, value: unknown): ValueFault {
  return { code: 'OCPP_CONFIG_TYPE', message: `is ${shown(value)}`, remedy: `write ${describeValue(spec)}` };
}

function checkRange(spec: KeySpec, value: number): ValueFault | undefined {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  if (value >= min && value <= max) return undefined;
  return { code: 'OCPP_CONFIG_RANGE', message: `is ${value}`, remedy: `write ${describeValue(spec)}` };
}

function checkLength(spec: KeySpec, value: string): ValueFault | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = spec;
  const { length } = [...value];
  if (length >= minLength && length <= maxLength) return undefined;
  const message = length === 0 ? 'is empty' : `has ${length} characters: ${shown(value)}`;
  return { code: 'OCPP_CONFIG_LENGTH', message, remedy: `write ${describeValue(spec)}` };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

const compiled = new WeakMap<object, ValidateFunction>();
let ajv: Ajv | undefined;

/** Holds a value against a JSON schema that is given as data. */
export function checkObject(
  { schema = { type: 'object' } }: Pick<KeySpec, 'schema'>,
  value: unknown,
): ValueFault | undefined {
  let validate = compiled.get(schema);
  if (!validate) {
    ajv ??= new Ajv({ strict: false });
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  const at = error?.instancePath ? `${error.instancePath.slice(1).replaceAll('/', '.')} ` : '';
  return {
    code: 'OCPP_CONFIG_TYPE',
    message: 'does not have the shape it should',
    remedy: `${at}${error?.message ?? ''}`,
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
