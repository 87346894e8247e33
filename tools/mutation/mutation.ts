/** A way to break the code that the tests have to notice. */
export interface Mutation {
  /** The rule that is broken. */
  readonly rule: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly find: string;
  readonly replace: string;
  /** The command, by pnpm, that turns red; tests below these folders where it is `test`. */
  readonly notices: readonly string[];
}
