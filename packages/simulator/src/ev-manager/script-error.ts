import { ChargemeshError } from '@chargemesh/base';

/** A car script, or a command of it, that cannot be carried out. The message says why, fit to be shown to whoever wrote it. */
export class ScriptError extends ChargemeshError {
  override readonly name: string = 'ScriptError';

  constructor(message: string, script?: string) {
    super('CAR_SCRIPT_REFUSED', message, { details: script === undefined ? {} : { script } });
  }
}
