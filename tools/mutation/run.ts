/**
 * Breaks the code in each way of the table, one after the other, and shows which the checks notice. The working tree has to be clean: files
 * are changed in place and put back.
 *
 *     ./mesh pnpm mutate [text…]     only those in whose rule, file or checks one of the texts stands
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RealClock } from '@chargemesh/base';
import type { Mutation } from './mutation.ts';
import { mutations } from './mutations.ts';

/** Code that was broken may go on for ever: then the check does not end, which is noticed too. */
const LONGEST_CHECK_MS = 300_000;
/** All tests that the table names, in one go. */
const LONGEST_UNBROKEN_MS = 1_800_000;

const root = resolve(import.meta.dirname, '../..');
const clock = new RealClock();

/** Whether a check passes. Tests end at the first that fails. */
async function passes(words: readonly string[], longestMs: number): Promise<boolean> {
  const bail = words[0] === 'test' ? ['--bail'] : [];
  const check = spawn(join(root, 'mesh'), ['pnpm', ...words, ...bail], { cwd: root, stdio: 'ignore', detached: true });
  const limit = clock.setTimer(longestMs, () => process.kill(-(check.pid ?? 0), 'SIGKILL'));
  const [code] = await once(check, 'exit');
  limit.cancel();
  return code === 0;
}

/** Checks of unbroken code: all tests in one go, each other check by itself. */
function unbroken(checks: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const paths = new Set(checks.flatMap(([command, ...rest]) => (command === 'test' ? rest : [])));
  const others = new Map(checks.filter(([command]) => command !== 'test').map((words) => [words.join(' '), words]));
  return [...(paths.size > 0 ? [['test', ...paths]] : []), ...others.values()];
}

async function noticed({ file, find, replace, notices }: Mutation): Promise<boolean> {
  const path = join(root, file);
  const original = readFileSync(path, 'utf8');
  if (!original.includes(find)) throw new Error(`${file} does not contain: ${find}`);
  writeFileSync(
    path,
    original.replace(find, () => replace),
  );
  try {
    return !(await passes(notices, LONGEST_CHECK_MS));
  } finally {
    writeFileSync(path, original);
  }
}

const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (stdout.trim() !== '') {
  process.stderr.write('the working tree has changes: commit them first\n');
  process.exit(2);
}
const texts = process.argv.slice(2);
const isMeant = ({ rule, file, notices }: Mutation): boolean =>
  texts.length === 0 || texts.some((text) => [rule, file, ...notices].some((place) => place.includes(text)));
const tried = mutations.filter(isMeant);
// A check that fails by itself notices nothing.
for (const words of unbroken(tried.map(({ notices }) => notices))) {
  if (await passes(words, LONGEST_UNBROKEN_MS)) continue;
  process.stderr.write(`before anything is broken this fails: ./mesh pnpm ${words.join(' ')}\n`);
  process.exit(2);
}
let missed = 0;
for (const mutation of tried) {
  const caught = await noticed(mutation);
  if (!caught) missed++;
  process.stdout.write(`${caught ? 'caught' : 'MISSED'}  ${mutation.rule}  (${mutation.notices.join(' ')})\n`);
}
process.stdout.write(`${tried.length - missed} of ${tried.length} caught\n`);
process.exitCode = missed === 0 ? 0 : 1;
