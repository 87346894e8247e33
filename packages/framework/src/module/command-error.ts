import { ChargemeshError } from '@chargemesh/base';

/** The error types that the wire knows (bus.md 1.7). A peer of EVerest dies of any other text. */
export const commandErrorTypes = [
  'MessageParsingError',
  'SchemaValidationError',
  'HandlerException',
  'CmdTimeout',
  'Shutdown',
  'NotReady',
] as const;

/** One of {@link commandErrorTypes}. */
export type CommandErrorType = (typeof commandErrorTypes)[number];

/** A command that did not come to a result. `type` is the wire's error type; a handler may throw one to choose it. */
export class CommandError extends ChargemeshError {
  override readonly name: string = 'CommandError';
  readonly type: CommandErrorType;

  constructor(type: CommandErrorType, message: string) {
    super(`COMMAND_${type.toUpperCase()}`, message, { details: { type } });
    this.type = type;
  }
}

/** Whether a command failed because one of the two modules ends: no fault that anybody should hear of. */
export function isShutdown(error: unknown): boolean {
  return error instanceof CommandError && error.type === 'Shutdown';
}
