import { parseTimestamp } from '@chargemesh/base';
import type { Report } from './rules.ts';
import type { Field, Fields } from './tables/field.ts';

/** OCPP's integers are signed and have 32 bits. */
const INTEGER_LIMIT = 2 ** 31;
const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** Holds a payload against the table of its message. Paths are JSON pointers, `/meterValue/0/timestamp`. */
export function checkFields(fields: Fields, payload: unknown, report: Report, path = ''): void {
  if (!isRecord(payload)) {
    report('FIELD_TYPE', `${path || 'the payload'} is ${nameOf(payload)}, not an object`);
    return;
  }
  const known = new Set<string>();
  for (const [key, field] of Object.entries(fields)) {
    const optional = key.endsWith('?');
    const name = optional ? key.slice(0, -1) : key;
    known.add(name);
    const value = payload[name];
    if (value !== undefined) checkField(field, value, report, `${path}/${name}`);
    else if (!optional) report('FIELD_MISSING', `${path}/${name} is missing`);
  }
  for (const name of Object.keys(payload))
    if (!known.has(name)) report('FIELD_UNKNOWN', `${path}/${name} is no field of this message`);
}

function checkField(field: Field, value: unknown, report: Report, path: string): void {
  switch (field.kind) {
    case 'text':
      checkText(field, value, report, path);
      return;
    case 'enum':
      if (typeof value !== 'string') report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a string`);
      else if (!field.values.includes(value))
        report('FIELD_ENUM', `${path} is ${quote(value)}, not one of its enumeration`);
      return;
    case 'integer':
      if (!Number.isInteger(value)) report('FIELD_TYPE', `${path} is ${nameOf(value)}, not an integer`);
      else checkRange(Number(value), field.min, report, path);
      return;
    case 'tenth':
      if (typeof value !== 'number') report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a number`);
      else if (Math.abs(value * 10 - Math.round(value * 10)) > 1e-6)
        report('FIELD_DECIMALS', `${path} is ${value}, more than one decimal`);
      else checkRange(value, field.min, report, path);
      return;
    case 'flag':
      if (typeof value !== 'boolean') report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a boolean`);
      return;
    case 'time':
      if (typeof value !== 'string') report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a time`);
      else if (!UTC_TIME.test(value) || parseTimestamp(value) === undefined)
        report('FIELD_TIME', `${path} is ${quote(value)}, not a time in UTC with Z and at most milliseconds`);
      return;
    case 'object':
      checkFields(field.fields, value, report, path);
      return;
    case 'list':
      checkList(field, value, report, path);
      return;
  }
}

function checkText(field: Extract<Field, { kind: 'text' }>, value: unknown, report: Report, path: string): void {
  if (typeof value !== 'string') {
    report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a string`);
    return;
  }
  const length = [...value].length;
  if (field.max !== undefined && length > field.max)
    report('FIELD_LENGTH', `${path} has ${length} characters, ${field.max} are allowed`);
  if (field.min !== undefined && length < field.min) report('FIELD_LENGTH', `${path} is empty`);
}

function checkList(field: Extract<Field, { kind: 'list' }>, value: unknown, report: Report, path: string): void {
  if (!Array.isArray(value)) {
    report('FIELD_TYPE', `${path} is ${nameOf(value)}, not a list`);
    return;
  }
  if (value.length < field.min) report('FIELD_LENGTH', `${path} has ${value.length} entries, ${field.min} are needed`);
  if (field.max !== undefined && value.length > field.max)
    report('FIELD_LENGTH', `${path} has ${value.length} entries, ${field.max} are allowed`);
  for (const [at, entry] of value.entries()) checkField(field.of, entry, report, `${path}/${at}`);
}

function checkRange(value: number, min: number | undefined, report: Report, path: string): void {
  if (value < (min ?? -INTEGER_LIMIT) || value >= INTEGER_LIMIT)
    report('FIELD_RANGE', `${path} is ${value}, out of range`);
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? quote(value) : typeof value === 'object' ? 'an object' : String(value);
}

function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
