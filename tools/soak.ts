/**
 * Plays every scenario in every layout and at both CSMSs, in real time: what is too long for each change.
 *
 *     pnpm soak                            all of them
 *     pnpm soak survival                   those of one folder
 *     pnpm soak --csms-kind ocpp-rpc       at one CSMS alone
 *     pnpm soak --layout isolated          in one layout alone: isolated, one or virtual
 *     pnpm soak --jobs 4                   so many at once; as many as the machine has cores where nothing is said
 *     pnpm soak --again                    those that failed the last time; on a machine with too much to do all come late
 *     pnpm soak --report                   writes docs/reports/soak.md, of each layout what its last whole run gave; one that was
 *                                          never played in this clone keeps what the page says
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { formatTimestamp, RealClock } from '@chargemesh/base';
import type { RunReport } from '@chargemesh/scenarios';

const root = resolve(import.meta.dirname, '..');
const report = join(root, 'docs', 'reports', 'soak.md');
/** What each layout gave: all of them take hours, which need not be the same hours. */
const kept = join(root, 'reports', 'soak');
const clock = new RealClock();
const isolated = ['--layout', 'isolated'];
const apart = ['--broker', 'apart'];
const atAnother = ['--csms-kind', 'ocpp-rpc'];
/** Virtual time has no sockets, and so the bundled CSMS alone. Where the broker runs is nothing to a CSMS. */
const layouts: readonly (readonly string[])[] = [
  ['--virtual'],
  ['--layout', 'one'],
  isolated,
  [...isolated, ...apart],
  ['--layout', 'one', ...atAnother],
  [...isolated, ...apart, ...atAnother],
];

/** How one scenario went in one layout; its file as a path in the repository. */
type Outcome = Pick<RunReport, 'file' | 'failures' | 'skipped' | 'tookMs'> & {
  /** Not the first time that it was played in this layout. */
  readonly again?: boolean;
};

/** All that was played in one layout. */
interface Played {
  readonly layout: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly tookMs: number;
  /** The day, and the commit. */
  readonly on: string;
  readonly of: string;
  readonly jobs: number;
}

const {
  positionals: [only],
  values: { 'csms-kind': kind, layout: onlyLayout, jobs: jobsText, again: isAgain, report: wantsReport },
} = parseArgs({
  allowPositionals: true,
  options: {
    'csms-kind': { type: 'string' },
    layout: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    again: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const jobs = Number(jobsText);
if (kind !== undefined && kind !== 'ours' && kind !== 'ocpp-rpc') fail(`--csms-kind ${kind}: ours or ocpp-rpc`);
if (!Number.isInteger(jobs) || jobs < 1) fail(`--jobs ${jobsText}: how many at once, 1 or more`);

const files = scenarioFiles(only);
const wanted = layouts.filter(
  (layout) =>
    (kind === undefined || layout.includes('ocpp-rpc') === (kind === 'ocpp-rpc')) &&
    (onlyLayout === undefined || layout.some((word) => word === onlyLayout || word === `--${onlyLayout}`)),
);
if (wanted.length === 0)
  fail('no layout is left: --layout is isolated, one or virtual, and virtual has the bundled CSMS alone');

mkdirSync(kept, { recursive: true });
let failed = 0;
for (const layout of wanted) {
  const before = readKept(layout);
  const late = new Set(before?.outcomes.filter(hasFailed).map(({ file }) => file));
  const chosen = files.filter((file) => fits(file, layout) && (!isAgain || late.has(file)));
  process.stdout.write(`== ${layout.join(' ')}\n`);
  const played = await play(layout, chosen);
  if (!isAgain && only === undefined) keep(played);
  else if (isAgain && before) keep(withAgain(before, played));
  failed += played.outcomes.filter(hasFailed).length;
}
if (wantsReport) {
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, page(allKept()));
}
process.exitCode = failed === 0 ? 0 : 1;

function keptFile(layout: readonly string[]): string {
  return join(kept, `${layout.map((word) => word.replace(/^--/, '')).join('-')}.json`);
}

function hasFailed({ failures }: Outcome): boolean {
  return failures.length > 0;
}

function withAgain(before: Played, { outcomes }: Played): Played {
  const again = new Map(outcomes.map((outcome) => [outcome.file, { ...outcome, again: true }]));
  return { ...before, outcomes: before.outcomes.map((outcome) => again.get(outcome.file) ?? outcome) };
}

function keep(played: Played): void {
  writeFileSync(keptFile(played.layout), JSON.stringify(played));
}

/** What is still there and fits the layout by now. undefined where it was never played whole. */
function readKept(layout: readonly string[]): Played | undefined {
  if (!existsSync(keptFile(layout))) return undefined;
  const played = JSON.parse(readFileSync(keptFile(layout), 'utf8')) as Played;
  const isMeant = ({ file }: Outcome): boolean => existsSync(join(root, file)) && fits(file, layout);
  return { ...played, outcomes: played.outcomes.filter(isMeant) };
}

function allKept(): readonly Played[] {
  return layouts.map(readKept).filter((played) => played !== undefined);
}

function fail(why: string): never {
  process.stderr.write(`soak: ${why}\n`);
  process.exit(2);
}

function scenarioFiles(folder: string | undefined): readonly string[] {
  const scenarios = join(root, 'tests', 'scenarios');
  const ofTests = readdirSync(scenarios, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: join(scenarios, name) }));
  const found = [...ofTests, { name: 'examples', path: join(root, 'examples', 'scenarios') }]
    .filter(({ name }) => folder === undefined || name === folder)
    .flatMap(({ path }) => readdirSync(path).map((name) => relative(root, join(path, name))))
    .filter((file) => file.endsWith('.yaml'));
  if (found.length === 0)
    fail(`there are no scenarios of ${folder}: ${ofTests.map(({ name }) => name).join(', ')}, examples`);
  return found;
}

/** A module that is to be killed needs a process of its own, a broker as well. */
function fits(file: string, layout: readonly string[]): boolean {
  if (layout.includes('--virtual')) return true;
  const steps = readFileSync(join(root, file), 'utf8').matchAll(
    /^ *- (?:(?:kill|restart): (?:\{ what: )?|strike: .*how: (?=kill))(\w+)/gm,
  );
  const victims = [...steps].map(([, victim]) => victim).filter((victim) => victim !== 'manager');
  return victims.every((victim) => layout.includes(victim === 'broker' ? 'apart' : 'isolated'));
}

async function play(layout: readonly string[], chosen: readonly string[]): Promise<Played> {
  const beganMs = clock.monotonicMs();
  // Those that last longest go first, as far as some layout has played them.
  const known = new Map(allKept().flatMap(({ outcomes }) => outcomes.map(({ file, tookMs }) => [file, tookMs])));
  const lasts = (file: string): number => known.get(file) ?? 0;
  const waiting = chosen.toSorted((a, b) => lasts(b) - lasts(a));
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcome = await playOne(layout, file);
      outcomes.push(outcome);
      say(outcome, `${outcomes.length}/${chosen.length}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return {
    layout,
    outcomes,
    tookMs: clock.monotonicMs() - beganMs,
    on: formatTimestamp(clock.wallMs()).slice(0, 10),
    of: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim(),
    jobs,
  };
}

async function playOne(layout: readonly string[], file: string): Promise<Outcome> {
  const run = spawn(join(root, 'mesh'), ['run', ...layout, '--json', '--log-level', 'silent', join(root, file)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complained, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')]);
  const line = said.trim().split('\n').at(-1) ?? '';
  if (line.startsWith('{')) return { ...(JSON.parse(line) as Outcome), file };
  return { file, tookMs: 0, failures: [`ended with ${code}: ${complained.trim()}`] };
}

function say({ file, failures, skipped, tookMs }: Outcome, place: string): void {
  const how = failures.length > 0 ? 'FAILED' : skipped === undefined ? 'ok' : 'skipped';
  process.stdout.write(`${place.padStart(9)}  ${how.padEnd(7)} ${seconds(tookMs).padStart(7)}  ${file}\n`);
  for (const failure of failures) process.stdout.write(`           ${failure}\n`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A section a layout. One that was not played in this clone keeps what the page says of it. */
function page(played: readonly Played[]): string {
  const written = existsSync(report) ? readFileSync(report, 'utf8').split(/^(?=## )/m) : [];
  const sections = layouts.flatMap((layout) => {
    const own = played.find((each) => keptFile(each.layout) === keptFile(layout));
    const section = own ? sectionOf(own) : written.find((each) => each.startsWith(`${heading(layout)}\n`));
    return section === undefined ? [] : [section.trim()];
  });
  const head = [
    '# Every scenario in every layout',
    '',
    'Written by `./mesh pnpm soak --report`. Each run ends with the rules of the ledger, of limits and of the relay.',
    'All but `--virtual` run in real time, with real processes and sockets.',
  ].join('\n');
  return `${[head, ...sections].join('\n\n')}\n`;
}

function heading(layout: readonly string[]): string {
  return `## \`${layout.join(' ')}\``;
}

function sectionOf({ layout, outcomes, tookMs, on, of, jobs: atOnce }: Played): string {
  const failures = outcomes.filter(hasFailed);
  const skips = outcomes.flatMap(({ file, skipped }) => (skipped === undefined ? [] : [`- ${file}: ${skipped}`]));
  const again = outcomes.filter((outcome) => outcome.again && !hasFailed(outcome)).length;
  const counts = [
    `${outcomes.length - failures.length - skips.length} passed${again === 0 ? '' : `, ${again} of them at the second go`}`,
    `${failures.length} failed`,
    ...(skips.length === 0 ? [] : [`${skips.length} skipped`]),
  ];
  const when = `${on}, ${of}: ${(tookMs / 60_000).toFixed(1)} minutes, ${atOnce} at once on ${availableParallelism()} cores`;
  return [
    heading(layout),
    '',
    `${counts.join('; ')} (${when}).`,
    ...(failures.length > 0
      ? ['', 'Failed:', '', ...failures.map(({ file, failures: [first] }) => `- ${file}: ${first}`)]
      : []),
    ...(skips.length > 0 ? ['', 'Skipped:', '', ...skips] : []),
  ].join('\n');
}
