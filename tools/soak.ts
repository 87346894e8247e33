/**
 * Plays every scenario in every layout, in real time: what is too long for each change.
 *
 *     pnpm soak                 all of them
 *     pnpm soak survival        those of one folder
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const layouts: readonly (readonly string[])[] = [
  ['--layout', 'isolated', '--broker', 'apart'],
  ['--layout', 'isolated'],
  ['--layout', 'one'],
  ['--virtual'],
];
const [only] = process.argv.slice(2);
const scenarios = join(root, 'tests', 'scenarios');
const folders = readdirSync(scenarios, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && (only === undefined || entry.name === only))
  .map(({ name }) => join(scenarios, name));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name)),
);

/** A module that is to be killed needs a process of its own, a broker as well. */
function fits(file: string, layout: readonly string[]): boolean {
  if (layout.includes('--virtual')) return true;
  const kills = /broker-dies/.test(file) ? 'broker' : /\/survival\/(?!manager)/.test(file) ? 'module' : 'none';
  if (kills === 'broker') return layout.includes('apart');
  return kills === 'none' || layout.includes('isolated');
}

let failed = 0;
for (const layout of layouts) {
  process.stdout.write(`== ${layout.join(' ')}\n`);
  const chosen = files.filter((file) => fits(file, layout));
  const { status } = spawnSync(join(root, 'mesh'), ['run', ...layout, '--log-level', 'silent', ...chosen], {
    stdio: 'inherit',
  });
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
