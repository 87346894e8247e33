import type { Fault } from './fault.ts';
import { TIMESTAMP_PATTERN } from './prepare-schema.ts';

/** What compiled validators report; texts are ours, so they are compiled without messages. */
export interface SchemaFault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Keywords that report again what a schema below them has reported. */
const FOLLOWING: readonly string[] = ['if', 'allOf', 'anyOf'];

/** Keywords that are reported for a property's name at the place of the object that has it. */
const OF_TEXTS: readonly string[] = ['pattern', 'enum', 'minLength', 'maxLength'];

const SHOWN_LENGTH = 60;
const SHOWN_FAULTS = 20;

/** Turns what a compiled validator reports into faults that name the place and the rule, the first 20 of them. */
export function explain(root: unknown, reports: readonly SchemaFault[], rootName: string): readonly Fault[] {
  const pathsOf = (wanted: string) =>
    new Set(reports.filter(({ keyword }) => keyword === wanted).map(({ instancePath }) => instancePath));
  const wrongType = pathsOf('type');
  const wrongNames = pathsOf('propertyNames');
  return reports
    .filter(({ keyword, instancePath }) => keyword === 'type' || !wrongType.has(instancePath))
    .filter(({ keyword }) => !FOLLOWING.includes(keyword))
    .filter(({ keyword, instancePath }) => !(OF_TEXTS.includes(keyword) && wrongNames.has(instancePath)))
    .slice(0, SHOWN_FAULTS)
    .map((report) => {
      const steps = stepsOf(report.instancePath);
      const { member, message } = explainOne(report, valueAt(root, steps));
      return { path: pathText(rootName, member === undefined ? steps : [...steps, member]), message };
    });
}

function explainOne({ keyword, params }: SchemaFault, value: unknown): { member?: string; message: string } {
  switch (keyword) {
    case 'required':
      return { member: String(params.missingProperty), message: 'is missing' };
    case 'additionalProperties':
      return { member: String(params.additionalProperty), message: 'is not known here' };
    case 'propertyNames':
      return { member: String(params.propertyName), message: 'is not a legal name' };
    case 'type':
      return { message: `is ${show(value)}, must be ${typeNames(params.type)}` };
    case 'enum':
      return { message: `is ${show(value)}, must be one of ${listOf(params.allowedValues)}` };
    case 'false schema':
      return { message: 'is not allowed here' };
    case 'const':
      return { message: `is ${show(value)}, must be ${show(params.allowedValue)}` };
    case 'minimum':
      return { message: `is ${show(value)}, must be at least ${params.limit}` };
    case 'maximum':
      return { message: `is ${show(value)}, must be at most ${params.limit}` };
    case 'exclusiveMinimum':
      return { message: `is ${show(value)}, must be above ${params.limit}` };
    case 'exclusiveMaximum':
      return { message: `is ${show(value)}, must be below ${params.limit}` };
    case 'multipleOf':
      return { message: `is ${show(value)}, must be a multiple of ${params.multipleOf}` };
    case 'minLength':
      return { message: `is ${show(value)}, must have at least ${params.limit} characters` };
    case 'maxLength':
      return { message: `has ${lengthOf(value)} characters, at most ${params.limit} are allowed` };
    case 'minItems':
      return { message: `has ${lengthOf(value)} items, at least ${params.limit} are needed` };
    case 'maxItems':
      return { message: `has ${lengthOf(value)} items, at most ${params.limit} are allowed` };
    case 'minProperties':
      return { message: 'is empty' };
    case 'pattern':
      if (params.pattern === TIMESTAMP_PATTERN) {
        return { message: `is ${show(value)}, must be a UTC time such as 2026-01-31T12:00:00.000Z` };
      }
      return { message: `is ${show(value)}, must match ${params.pattern}` };
    default:
      return { message: `is ${show(value)}, which breaks the rule "${keyword}"` };
  }
}

function stepsOf(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isObject(value) ? value[step] : undefined;
  }, root);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function pathText(rootName: string, steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    if (path === '') return step;
    return /^[A-Za-z_][\w-]*$/.test(step) ? `${path}.${step}` : `${path}["${step}"]`;
  }, rootName);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

function typeNames(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    null: 'null',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    string: 'text',
    array: 'a list',
    object: 'an object',
  };
  return [type]
    .flat()
    .map((name) => names[String(name)] ?? String(name))
    .join(' or ');
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(', ') : String(values);
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : 0;
}
