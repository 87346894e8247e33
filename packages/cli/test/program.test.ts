import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../src/index.ts';
import { runCli } from './run-cli.ts';

/** Every command with what has to be written to reach it. */
function leaves(command: Command, path: readonly string[] = []): (readonly [string, Command])[] {
  const own = command.commands.filter((sub) => sub.name() !== 'help');
  if (own.length === 0) return [[path.join(' '), command]];
  return own.flatMap((sub) => leaves(sub, [...path, sub.name()]));
}

const commands = leaves(createProgram(async () => {}));

test('the commands', () => {
  expect(commands.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      'up',
      'check',
      'module',
      'status',
      'plug',
      'swipe',
      'inspect',
      'ocpp log',
      'csms ledger',
      'reset-state',
      'test',
    ]),
  );
});

describe('each command explains itself', () => {
  // What stands behind `test` goes to jest, --help too.
  test.each(commands.filter(([path]) => path !== 'test'))('%s --help', async (path, command) => {
    const { code, out, err } = await runCli(...path.split(' '), '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Usage: chargemesh ${path}`);
    expect(out).toContain('Example:\n  $ chargemesh ');
    expect(out).toContain(`$ chargemesh ${path.split(' ')[0]}`);
    expect(command.description()).not.toBe('');
    for (const { flags, description } of command.options) expect([flags, description]).not.toEqual([flags, '']);
    for (const argument of command.registeredArguments)
      expect([argument.name(), argument.description]).not.toEqual([argument.name(), '']);
  });

  test.each(commands)('the example of %s is one that its own parser takes', async (_, command) => {
    let text = '';
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
    command.outputHelp();
    const example = /\$ chargemesh (.*)/.exec(text)?.[1] ?? '';
    const words = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const called: unknown[] = [];
    const program = createProgram(async () => {});
    for (const [, leaf] of leaves(program)) leaf.action(() => void called.push(leaf));
    await program.parseAsync(['node', 'chargemesh', ...words]);
    expect(called).toHaveLength(1);
  });
});

describe('a command line that is wrong ends with exit code 2 and one line', () => {
  test.each([
    [['plugg', '1'], "unknown command 'plugg'", '(Did you mean plug?)'],
    [['up', '--broke', 'x'], "unknown option '--broke'", '(Did you mean --broker?)'],
    [['up', '--evses', 'two'], "argument 'two' is invalid", 'a whole number'],
    [['up', '--evses', '1e3'], "argument '1e3' is invalid", 'a whole number'],
    [['up', '--speed', '0'], "argument '0' is invalid", 'above 0'],
    [['up', '--log-level', 'loud'], "argument 'loud' is invalid", 'silent, error, warn, info, debug'],
    [['plug'], "missing required argument 'evse'", '--help'],
    [['plug', 'one'], "argument 'evse'", 'a whole number'],
    [['plug', '1', '--phases', '2'], "argument '2' is invalid", '1 or 3'],
    [['plug', '1', '--script', 'flurb 3;unplug'], '--script: there is no command flurb'],
    [['plug', '1', '--script', 'sleep'], '--script: sleep takes 1 argument, not 0'],
    [['swipe', '1'], "missing required argument 'idtag'", '--help'],
    [['csms', 'nothing'], "unknown command 'nothing'", '--help'],
  ])('%j', async (args, ...texts) => {
    const { code, out, err } = await runCli(...args);
    expect([code, out]).toEqual([2, '']);
    for (const text of texts) expect(err).toContain(text);
  });

  test('nothing at all shows the help', async () => {
    const { code, err } = await runCli();
    expect(code).toBe(2);
    expect(err).toContain('Usage: chargemesh');
  });
});

test('--version', async () => {
  expect(await runCli('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
});

test('whoever reads may leave before the end', async () => {
  const main = join(repositoryFolder, 'packages/cli/src/main.ts');
  const program = spawn(process.execPath, ['--conditions=development', main, 'check'], { cwd: repositoryFolder });
  program.stdout.destroy();
  let said = '';
  program.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  expect(await once(program, 'close')).toEqual([0, null]);
  expect(said).toBe('');
});
