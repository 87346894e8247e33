import { type CommandName, commands, type Equipment } from './commands.ts';
import { ScriptError } from './script-error.ts';

/** One command of a script with its arguments as they were written. */
export interface ScriptStep {
  readonly name: CommandName;
  readonly args: readonly string[];
}

/**
 * Reads a car script: commands separated by `;` or line breaks, arguments by blanks or commas, no matter the case. Blanks around a
 * command and empty commands are passed over.
 * @param equipment what the car has: a command that needs more is refused, since it could never end
 * @throws ScriptError where the script as a whole is of no use. A wrong argument is found only when its command is reached.
 */
export function parseScript(text: string, equipment: Equipment): readonly ScriptStep[] {
  const steps = text
    .toLowerCase()
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseStep(part, text, equipment));
  if (steps.length === 0) throw new ScriptError('the script has no command', text);
  return steps;
}

/**
 * Looks a car script over before it is sent: its commands, and how many arguments each has.
 * @throws ScriptError
 */
export function checkScript(text: string): void {
  for (const { name, args } of parseScript(text, { ev: true, slac: true })) checkCount(name, args.length, text);
}

/** @throws ScriptError where a command has too few or too many arguments */
export function checkCount(name: CommandName, count: number, script?: string): void {
  const [least, most] = commands[name].args;
  if (count >= least && count <= most) return;
  const takes = least === most ? `${least}` : `${least} to ${most}`;
  throw new ScriptError(`${name} takes ${takes} argument${most === 1 ? '' : 's'}, not ${count}`, script);
}

function parseStep(part: string, script: string, equipment: Equipment): ScriptStep {
  const [name = '', ...args] = part.split(/[\s,]+/).filter((word) => word !== '');
  if (!isCommand(name)) throw new ScriptError(`there is no command ${name}`, script);
  const { needs, strict } = commands[name];
  if (needs && !equipment[needs])
    throw new ScriptError(`${name} needs the requirement ${needs}, which is not connected`, script);
  if (strict) checkCount(name, args.length, script);
  return { name, args };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
