import type { ErrorsContract } from '../../src/model/errors-contract.ts';
import { generatedFile } from './schema-to-type.ts';

/** All error types of the mesh as one union. */
export function emitErrors(contracts: readonly ErrorsContract[]): string {
  const types = contracts.flatMap(({ namespace, errors }) => Object.keys(errors).map((name) => `${namespace}/${name}`));
  return generatedFile(`
/** A type of error, \`<namespace>/<Name>\`. */
export type ErrorType =${types.map((type) => `\n  | '${type}'`).join('')};
`);
}
