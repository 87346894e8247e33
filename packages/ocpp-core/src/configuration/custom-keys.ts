import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '@chargemesh/base';
import { Ajv, type ValidateFunction } from 'ajv';
import { isJsonObject, type JsonObject } from './merge-patch.ts';

/** What is wrong with the section Custom. */
export interface CustomFault {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** What the schema says of one key. */
interface CustomSpec {
  readonly type?: string;
  readonly readOnly: boolean;
}

/**
 * The keys of the section Custom: the integrator's own, declared by a JSON schema in a file Custom.json. Without one the section may
 * hold anything, and a CSMS sees none of it (B-01 … B-03).
 */
export class CustomKeys {
  readonly #schema: JsonObject;
  readonly #problem: string | undefined;
  #validate: ValidateFunction | undefined;

  constructor(schema: unknown, problem?: string) {
    this.#schema = isJsonObject(schema) ? schema : {};
    this.#problem = problem ?? (isJsonObject(schema) ? undefined : 'the schema of the section is no object');
  }

  /** The schema of a named file, or of a file Custom.json beside a configuration or in a folder profile_schemas there. */
  static beside(baseFile: string, schemaFile?: string): CustomKeys {
    const folder = dirname(baseFile);
    const candidates = [join(folder, 'Custom.json'), join(folder, 'profile_schemas', 'Custom.json')];
    const file = schemaFile ?? candidates.find(existsSync);
    if (file === undefined) return new CustomKeys({});
    try {
      return new CustomKeys(JSON.parse(readFileSync(file, 'utf8')));
    } catch (thrown) {
      return new CustomKeys({}, `its schema ${file} cannot be read: ${messageOf(thrown)}`);
    }
  }

  /** What is wrong with the section as a whole. */
  faults(custom: unknown): readonly CustomFault[] {
    if (this.#problem !== undefined) return [{ path: [], message: `cannot be checked: ${this.#problem}`, remedy: '' }];
    if (!isJsonObject(custom)) return [{ path: [], message: 'is no object', remedy: 'write { "Key": value }' }];
    const validate = this.#compiled();
    if (typeof validate === 'string')
      return [{ path: [], message: `has a schema that is none: ${validate}`, remedy: '' }];
    if (validate(custom)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => ({
      path: instancePath.split('/').slice(1),
      message: [message, params.additionalProperty].filter((part) => part !== undefined).join(': '),
      remedy: 'the schema of the section Custom says what may stand here',
    }));
  }

  /** Whether a CSMS sees this key; what is not declared with `readOnly` it does not. */
  find(name: string): CustomSpec | undefined {
    const properties = this.#schema.properties;
    const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isJsonObject(property) || typeof property.readOnly !== 'boolean') return undefined;
    const { type, readOnly } = property;
    return typeof type === 'string' ? { type, readOnly } : { readOnly };
  }

  /** A text from the wire as the schema wants the value; undefined where it is none. Arrays are kept as text. */
  parse({ type }: CustomSpec, text: string): unknown {
    switch (type) {
      case 'integer':
        return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
      case 'number':
        return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
      case 'boolean':
        return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
      case 'object':
        return undefined;
      default:
        return text;
    }
  }

  #compiled(): ValidateFunction | string {
    try {
      this.#validate ??= new Ajv({ strict: false, allErrors: true }).compile(this.#schema);
      return this.#validate;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }
}
