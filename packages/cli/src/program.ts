import { Command, CommanderError } from 'commander';
import { defineCommands } from './define-commands.ts';
import { exitCodeOf } from './support/cli-error.ts';
import type { Finish } from './support/define-options.ts';
import { EXIT, type ExitCode } from './support/exit-codes.ts';
import { report } from './support/report.ts';
import { version } from './support/version.ts';

/** Runs the command line. @returns the exit code; what went wrong was said on standard error */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram(async (outcome) => {
    code = await outcome;
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    report(error);
    return exitCodeOf(error);
  }
}

/** The program with all its commands, for running and for its documentation. */
export function createProgram(finish: Finish): Command {
  const program = new Command('chargemesh')
    .description('The software of an EV charging station, as a mesh of services')
    .version(version(), '-V, --version', 'print the version')
    .showHelpAfterError('(--help says more)')
    .exitOverride();
  defineCommands(program, finish);
  overrideExit(program);
  return program;
}

function overrideExit(command: Command): void {
  for (const sub of command.commands) {
    sub.exitOverride().showHelpAfterError('(--help says more)');
    overrideExit(sub);
  }
}
