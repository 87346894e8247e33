/** What stands behind an error, for logs and for `--json`. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * The root of all errors of the mesh. `code` is stable and listed in docs/reference/errors.md; the message names the module, the key
 * and the value, and is fit to be shown to a person as it is.
 */
export class ChargemeshError extends Error {
  override readonly name: string = 'ChargemeshError';
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, options?: { details?: ErrorDetails; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options?.details ?? {};
  }
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}
