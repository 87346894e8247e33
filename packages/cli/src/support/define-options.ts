import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';

/** Hands a command's exit code to whoever runs the program. */
export type Finish = (code: ExitCode | Promise<ExitCode>) => Promise<void>;

/** Which of the running meshes is meant. */
export function addTarget(command: Command): Command {
  return command
    .option('--state <dir>', 'the mesh with this state folder')
    .option('--config <file>', 'the mesh of this configuration');
}

/** How a simulated car draws. */
export function drawOptions(command: Command): Command {
  return command
    .option('--current <ampere>', 'how much it draws at most', factor, 16)
    .option('--phases <n>', 'on how many phases: 1 or 3', phases, 3);
}

/** What of the log is said at the terminal. */
export function logLevel(preset?: string): Option {
  const option = new Option('--log-level <level>', 'what is said at the terminal').choices([
    'silent',
    'error',
    'warn',
    'info',
    'debug',
  ]);
  return preset === undefined ? option : option.default(preset);
}

/** The end of a help text: a line to type, and what it does. */
export function example(line: string, effect: string): string {
  return `\nExample:\n  $ ${line}\n      ${effect}`;
}

/** Reads a whole number. */
export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It has to be a whole number.');
  return value;
}

function phases(text: string): number {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('It has to be 1 or 3.');
  return Number(text);
}

/** Reads a number above 0. */
export function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}
