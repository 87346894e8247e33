import { isRecord } from '../checks/field-check.ts';
import { CsmsError } from '../csms-error.ts';

/** The parameters of a control method, read one by one; a wrong one is named in the error. @throws CsmsError `CSMS_BAD_PARAMETER` */
export class Parameters {
  readonly #method: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(method: string, values: unknown) {
    this.#method = method;
    if (values !== undefined && values !== null && !isRecord(values))
      throw this.#bad('its parameters', 'an object', values);
    this.#values = isRecord(values) ? values : {};
  }

  value(name: string): unknown {
    return this.#values[name];
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#fail(name, 'a text');
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.#fail(name, 'a text');
  }

  /** A number from `min` on. */
  optionalNumber(name: string, min: number): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'number' && value >= min ? value : this.#fail(name, `a number from ${min} on`);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#values[name];
    if (value === undefined || value === null) return otherwise;
    return typeof value === 'boolean' ? value : this.#fail(name, 'true or false');
  }

  optionalWords(name: string): readonly string[] | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    const words: unknown[] = Array.isArray(value) ? value : [value];
    return words.every((word) => typeof word === 'string') ? words : this.#fail(name, 'a list of words');
  }

  #fail(name: string, wanted: string): never {
    throw this.#bad(`"${name}"`, wanted, this.#values[name]);
  }

  #bad(what: string, wanted: string, value: unknown): CsmsError {
    return new CsmsError(
      'CSMS_BAD_PARAMETER',
      `csms ${this.#method}: ${what} should be ${wanted}, not ${value === undefined ? 'missing' : JSON.stringify(value)}`,
    );
  }
}
