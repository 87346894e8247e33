import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { ModuleCommand } from '@chargemesh/manager';

/** A small young generation: less memory in each process, and no slower start. It counts on the command line alone. */
const SMALL_HEAP = '--max-semi-space-size=4';

/** How one module is run by itself: from beside this program, with the same Node.js and flags, so that sources and builds do not mix. */
export function moduleProgram(): ModuleCommand {
  const program = ownProgram();
  const main = join(dirname(program), `module-main${extname(program)}`);
  return { command: process.execPath, args: [...new Set([SMALL_HEAP, ...process.execArgv]), main] };
}

/** This command line, as it was started. */
export function cliProgram(): ModuleCommand {
  return { command: process.execPath, args: [...process.execArgv, ownProgram()] };
}

function ownProgram(): string {
  return realpathSync(process.argv[1] ?? '');
}
