import { ChargemeshError } from '@chargemesh/base';

/** Says on standard error what went wrong. A user's mistake gets one readable line; what is our own mistake gets its stack. */
export function report(error: unknown): void {
  if (error instanceof ChargemeshError) process.stderr.write(`chargemesh: ${error.message}\n`);
  else process.stderr.write(`chargemesh: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
