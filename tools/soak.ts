/**
 * Plays every scenario in every layout and at both CSMSs, in real time: what is too long for each change.
 *
 *     pnpm soak                            all of them
 *     pnpm soak survival                   those of one folder
 *     pnpm soak --csms-kind ocpp-rpc       at one CSMS alone
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const isolated = ['--layout', 'isolated'];
const apart = ['--broker', 'apart'];
const atAnother = ['--csms-kind', 'ocpp-rpc'];
/** Virtual time has no sockets, and so the bundled CSMS alone. Where the broker runs is nothing to a CSMS. */
const layouts: readonly (readonly string[])[] = [
  [...isolated, ...apart],
  isolated,
  ['--layout', 'one'],
  [...isolated, ...apart, ...atAnother],
  ['--layout', 'one', ...atAnother],
  ['--virtual'],
];
const {
  positionals: [only],
  values: { 'csms-kind': kind },
} = parseArgs({ allowPositionals: true, options: { 'csms-kind': { type: 'string' } } });
const scenarios = join(root, 'tests', 'scenarios');
const ofTests = readdirSync(scenarios, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, folder: join(scenarios, name) }));
const folders = [...ofTests, { name: 'examples', folder: join(root, 'examples', 'scenarios') }].filter(
  ({ name }) => only === undefined || name === only,
);
const files = folders.flatMap(({ folder }) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name)),
);

if (files.length === 0) {
  process.stderr.write(
    `soak: there are no scenarios of ${only}: ${ofTests.map(({ name }) => name).join(', ')}, examples\n`,
  );
  process.exit(2);
}

/** A module that is to be killed needs a process of its own, a broker as well. */
function fits(file: string, layout: readonly string[]): boolean {
  if (layout.includes('--virtual')) return true;
  const kills = /broker-dies/.test(file) ? 'broker' : /\/survival\/(?!manager)/.test(file) ? 'module' : 'none';
  if (kills === 'broker') return layout.includes('apart');
  return kills === 'none' || layout.includes('isolated');
}

const wanted = layouts.filter((layout) => kind === undefined || layout.includes('ocpp-rpc') === (kind === 'ocpp-rpc'));
let failed = 0;
for (const layout of wanted) {
  process.stdout.write(`== ${layout.join(' ')}\n`);
  const chosen = files.filter((file) => fits(file, layout));
  if (chosen.length === 0) continue;
  const { status } = spawnSync(join(root, 'mesh'), ['run', ...layout, '--log-level', 'silent', ...chosen], {
    stdio: 'inherit',
  });
  // 77: none of them applies to this CSMS, as has been said.
  if (status !== 0 && status !== 77) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
