/** One namespace of errors; an error type is `<namespace>/<Name>`. */
export interface ErrorsContract {
  readonly namespace: string;
  readonly description: string;
  /** Error name to description. */
  readonly errors: Readonly<Record<string, string>>;
}
