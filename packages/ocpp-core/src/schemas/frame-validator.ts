import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseTimestamp } from '@chargemesh/base';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** One fault of a payload. */
export interface SchemaFault {
  /** A JSON pointer, such as `/chargingProfile/stackLevel`; empty for the payload itself. A missing field is named, too. */
  readonly path: string;
  /** The keyword of the schema that refuses it, such as `maxLength`. `format`: a text that passes as text and cannot be read. */
  readonly rule: string;
  /** In words, such as `must NOT have more than 20 characters`. */
  readonly message: string;
}

/** Holds payloads against the JSON schemas of OCPP 1.6 and its security whitepaper. */
export interface FrameValidator {
  /** Whether OCPP 1.6 has an action of this name. */
  isAction(name: string): boolean;
  /** What is wrong with a request's payload; nothing where the action is unknown. */
  request(action: string, payload: unknown): readonly SchemaFault[];
  /** What is wrong with an answer's payload. */
  response(action: string, payload: unknown): readonly SchemaFault[];
}

/** How {@link createFrameValidator} judges. */
export interface FrameValidatorOptions {
  /**
   * Judge as a strict peer would: properties that the schema does not know are faults, times and addresses must be of the exact form.
   * Default: take what can be understood.
   */
  readonly strict?: boolean;
  /** Told of each property that the schema does not know, where that is no fault. */
  readonly onExtra?: (action: string, path: string) => void;
}

interface Schema {
  readonly $id: string;
  readonly $schema?: string;
}

/**
 * A validator whose schemas are compiled on first use (a few milliseconds each).
 * @throws when the schema data of the `ocpp-rpc` package is not installed
 */
export function createFrameValidator(options: FrameValidatorOptions = {}): FrameValidator {
  return new SchemaBook(options);
}

/** The schema data alone: the package's code would cost 34 MB. */
function readSchemas(): readonly Schema[] {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve('ocpp-rpc/lib/schemas/ocpp1_6.json'), 'utf8'));
}

/** What is read and compiled once, however many stations a process holds. */
const shelves = new Map<boolean, Shelf>();

function shelf(strict: boolean): Shelf {
  const known = shelves.get(strict);
  if (known) return known;
  const made = new Shelf(strict);
  shelves.set(strict, made);
  return made;
}

class Shelf {
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #ajv: Ajv;

  constructor(strict: boolean) {
    this.#schemas = new Map(readSchemas().map((schema) => [schema.$id, schema]));
    this.#ajv = new Ajv({
      allErrors: true,
      strict: false,
      // The schemas are a release's data: to check them against their own schema takes longer than to compile them.
      meta: false,
      validateSchema: false,
      // Halves the time of a first use; what it would save later is nothing beside the network.
      code: { optimize: false },
      // Without it 8.1 is no multiple of 0.1.
      multipleOfPrecision: 6,
      // JSON can write a number that is too large for any: 1e999 is read as Infinity, which is no integer.
      strictNumbers: true,
      formats: formatsOf(strict),
    });
  }

  has(id: string): boolean {
    return this.#schemas.has(id);
  }

  validator(id: string): ValidateFunction | undefined {
    const known = this.#compiled.get(id);
    if (known) return known;
    const found = this.#schemas.get(id);
    if (!found) return undefined;
    // Its references are its own; its name is no address that Ajv could resolve.
    const { $id: _, $schema: __, ...schema } = found;
    const validate = this.#ajv.compile(withExactIntegers(schema));
    this.#compiled.set(id, validate);
    return validate;
  }
}

class SchemaBook implements FrameValidator {
  readonly #options: FrameValidatorOptions;
  readonly #shelf: Shelf;

  constructor(options: FrameValidatorOptions) {
    this.#options = options;
    this.#shelf = shelf(options.strict === true);
  }

  isAction(name: string): boolean {
    return this.#shelf.has(`urn:${name}.req`);
  }

  request(action: string, payload: unknown): readonly SchemaFault[] {
    return this.#check(action, 'req', payload);
  }

  response(action: string, payload: unknown): readonly SchemaFault[] {
    return this.#check(action, 'conf', payload);
  }

  #check(action: string, kind: 'req' | 'conf', payload: unknown): readonly SchemaFault[] {
    const validate = this.#shelf.validator(`urn:${action}.${kind}`);
    if (!validate || validate(payload)) return [];
    const faults = (validate.errors ?? []).map(faultOf);
    if (this.#options.strict) return faults;
    const extras = faults.filter(({ rule }) => rule === 'additionalProperties');
    if (extras.length === 0) return faults;
    for (const { path } of extras) this.#options.onExtra?.(action, path);
    return faults.filter(({ rule }) => rule !== 'additionalProperties');
  }
}

/**
 * The schemas bound hardly any integer. Beyond these bounds one could be neither kept nor told again as it was. Those of OCPP have 32 bits;
 * a CSMS that counts further is understood.
 */
function withExactIntegers<T>(schema: T): T {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withExactIntegers) as T;
  const parts = Object.entries(schema).map(([name, part]) => [name, withExactIntegers(part)]);
  const bounds = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  const isInteger = (schema as { type?: unknown }).type === 'integer';
  return Object.fromEntries(isInteger ? [...Object.entries(bounds), ...parts] : parts);
}

/**
 * Of what arrives, a time may have any form that can be read, and an address is its reader's business: a bad one makes a download fail,
 * not a message.
 */
function formatsOf(strict: boolean): Record<string, (text: string) => boolean> {
  if (!strict) return { 'date-time': (text) => parseTimestamp(text) !== undefined, uri: () => true };
  return { 'date-time': strictFormat('date-time'), uri: strictFormat('uri') };
}

function strictFormat(name: 'date-time' | 'uri'): (text: string) => boolean {
  const format = fullFormats[name];
  if (typeof format === 'function') return format;
  if (format instanceof RegExp) return (text) => format.test(text);
  if (typeof format === 'object' && typeof format.validate === 'function') {
    const { validate } = format;
    return (text) => validate(text as never) === true;
  }
  throw new TypeError(`ajv-formats has no usable format ${name}`);
}

function faultOf({ instancePath, keyword, message = 'is invalid', params }: ErrorObject): SchemaFault {
  const property = params.additionalProperty ?? params.missingProperty;
  const path = typeof property === 'string' ? `${instancePath}/${property}` : instancePath;
  return { path, rule: keyword, message: describe(keyword, message, params) };
}

function describe(keyword: string, message: string, params: Readonly<Record<string, unknown>>): string {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not known';
    case 'enum':
      return `must be one of ${(params.allowedValues as readonly unknown[]).join(', ')}`;
    case 'format':
      return params.format === 'date-time' ? 'is no time' : message;
    default:
      return message;
  }
}
