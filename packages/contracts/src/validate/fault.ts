/** One thing that is wrong with a value. */
export interface Fault {
  /** Where, from the name of the value on, such as `data.limits[0].value`. */
  readonly path: string;
  /** What, fit to stand behind the path: `is 400, must be at most 300`. */
  readonly message: string;
}

/** Checks a value; no fault means that it is valid. */
export type Validate = (value: unknown) => readonly Fault[];

/** The answer for a valid value, one for all. */
export const NO_FAULTS: readonly Fault[] = Object.freeze([]);

/** Faults as one line for logs and error messages. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults.map(({ path, message }) => `${path} ${message}`).join('; ');
}
