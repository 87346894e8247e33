import type { Argument, Command, Option } from 'commander';
import { createProgram, EXIT, EXIT_MEANINGS } from '../src/index.ts';

/** The page docs/reference/cli.md, made from the definitions that the program itself runs by. */
export function cliReference(): string {
  const program = createProgram(async () => {});
  const sections = leaves(program).map((command) => commandSection(command));
  return [
    '# The command line',
    '<!-- Generated from packages/cli/src/define-commands.ts: node --conditions=development packages/cli/tools/write-reference.ts -->',
    'In a clone of the repository `./mesh` is this program: `./mesh up` is `chargemesh up`. Data goes to standard output, everything else to ' +
      'standard error. `--json` prints data for programs.',
    'Commands that ask a running mesh find it by `--state`, by `--config`, or, where only one runs, without either.',
    '## Exit codes',
    exitCodes(),
    ...sections,
    '',
  ].join('\n\n');
}

/** Every command that does something, in the order of the definitions. */
function leaves(command: Command): Command[] {
  return command.commands.flatMap((sub) => (sub.commands.length > 0 ? leaves(sub) : [sub]));
}

function exitCodes(): string {
  const rows = Object.entries(EXIT).map(([name, code]) => [String(code), EXIT_MEANINGS[name as keyof typeof EXIT]]);
  return table(['code', 'meaning'], rows);
}

function commandSection(command: Command): string {
  const name = fullName(command);
  const usage = command.registeredArguments.map(argumentText).join(' ');
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`${argumentText(argument)}\``, argument.description]),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => [`\`${option.flags}\``, optionText(option)]),
  ];
  return [
    `## ${name}`,
    `${sentence(command.description())}`,
    `\`\`\`\n${name}${command.options.length > 0 ? ' [options]' : ''}${usage === '' ? '' : ` ${usage}`}\n\`\`\``,
    ...(rows.length > 0 ? [table(['argument or option', 'what for'], rows)] : []),
    exampleOf(command),
  ].join('\n\n');
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionText({ description, argChoices, defaultValue }: Option): string {
  const notes = [
    ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []),
    // A flag that switches something off is "true" by default, which tells a reader nothing.
    ...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`default: ${String(defaultValue)}`]),
  ];
  return notes.length > 0 ? `${description} (${notes.join('; ')})` : description;
}

/** The example that a command's `--help` ends with. */
function exampleOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const [, example] = help.split('\nExample:\n');
  if (example === undefined) throw new RangeError(`${fullName(command)} has no example in its help`);
  const [line = '', effect = ''] = example.trim().split('\n');
  return `\`\`\`sh\n${line.replace(/^\$ /, '')}    # ${effect.trim()}\n\`\`\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Outside of code, an angle bracket would be read as HTML. */
function cellText(cell: string): string {
  const text = cell.replaceAll('|', '\\|');
  return text.startsWith('`') ? text : text.replaceAll('<', '&lt;');
}
