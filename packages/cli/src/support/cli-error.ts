import { ChargemeshError } from '@chargemesh/base';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** A failure that ends a command with a message of its own and an exit code. */
export class CliError extends ChargemeshError {
  override readonly name: string = 'CliError';
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode = EXIT.failed) {
    super(code, message);
    this.exitCode = exitCode;
  }
}

const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  MESH_NOT_RUNNING: EXIT.noMesh,
  MESH_GONE: EXIT.noMesh,
  CONFIG_UNREADABLE: EXIT.configuration,
  CSMS_BAD_ANSWER: EXIT.usage,
  CSMS_BAD_PARAMETER: EXIT.usage,
  CSMS_CALL_INVALID: EXIT.usage,
  CSMS_UNKNOWN_ACTION: EXIT.usage,
};

/** The exit code that belongs to whatever was thrown. */
export function exitCodeOf(thrown: unknown): ExitCode {
  if (thrown instanceof CliError) return thrown.exitCode;
  return (thrown instanceof ChargemeshError ? EXIT_BY_CODE[thrown.code] : undefined) ?? EXIT.failed;
}
