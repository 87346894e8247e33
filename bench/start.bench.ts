import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { type BenchResult, type BenchRow, quantile } from './table.ts';

const RUNS = 5;
/** As many has the default configuration. */
const MODULES = 20;
/** After the boot was accepted all modules have done what they do once. */
const SETTLE_MS = 2_000;
const MEGABYTE_KB = 1024;

const root = resolve(import.meta.dirname, '..');
const clock = new RealClock();

function startMesh(words: readonly string[], state: string): ChildProcess {
  return spawn(join(root, 'mesh'), ['up', ...words, '--state', state], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function untilSaid(child: ChildProcess, text: string): Promise<void> {
  let said = '';
  await new Promise<void>((done, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part) => {
        said += part;
        if (said.includes(text)) done();
      });
    child.once('exit', (code) => fail(new Error(`up ended with ${code}: ${said}`)));
  });
}

function statusOf(pid: string): { parent: number; rssKb: number; pssKb: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const figure = (text: string, name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { parent: figure(status, 'PPid'), rssKb: figure(status, 'VmRSS'), pssKb: figure(rollup, 'Pss') };
  } catch {
    return undefined;
  }
}

/** The memory of a process and all below it, in MB. */
function memoryOf(pid: number): { rss: number; pss: number } {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = new Map(
    all.flatMap((name) => {
      const status = statusOf(name);
      return status ? [[Number(name), status] as const] : [];
    }),
  );
  const family = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [id, { parent }] of found)
      if (family.has(parent) && !family.has(id)) {
        family.add(id);
        grown = true;
      }
  }
  const sum = (key: 'rssKb' | 'pssKb'): number =>
    [...family].reduce((total, id) => total + (found.get(id)?.[key] ?? 0), 0) / MEGABYTE_KB;
  return { rss: sum('rssKb'), pss: sum('pssKb') };
}

async function measure(words: readonly string[]): Promise<{ startS: number; rss: number; pss: number }> {
  const state = mkdtempSync(join(tmpdir(), 'chargemesh-bench-'));
  const startMs = clock.monotonicMs();
  const mesh = startMesh(words, state);
  await untilSaid(mesh, 'boot accepted');
  const startS = (clock.monotonicMs() - startMs) / 1000;
  await clock.sleep(SETTLE_MS);
  const memory = memoryOf(mesh.pid ?? 0);
  mesh.removeAllListeners('exit');
  mesh.kill('SIGINT');
  await once(mesh, 'exit');
  rmSync(state, { recursive: true, force: true });
  return { startS, ...memory };
}

/** The raw thing: as many processes of Node.js that do nothing, started at once. @returns seconds until the last has ended */
async function startNode(processes: number): Promise<number> {
  const startMs = clock.monotonicMs();
  const all = Array.from({ length: processes }, () => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }));
  await Promise.all(all.map((child) => once(child, 'exit')));
  return (clock.monotonicMs() - startMs) / 1000;
}

/**
 * From the call of `./mesh up` to the accepted boot, and the memory of all processes, in both layouts. Fresh state, warm caches. What
 * Node.js itself takes to start as many processes is the floor.
 */
export async function run(): Promise<BenchResult> {
  const layouts = [
    { name: 'one process', words: [], processes: 1, startGoalS: 0.8, memoryGoal: 150, kind: 'rss' },
    {
      name: 'a process a module',
      words: ['--isolate'],
      processes: 1 + MODULES,
      startGoalS: 2.5,
      memoryGoal: 600,
      kind: 'pss',
    },
  ] as const;
  const rows: BenchRow[] = [];
  for (const { name, words, processes, startGoalS, memoryGoal, kind } of layouts) {
    await measure(words);
    const runs = [];
    const empty = [];
    for (let at = 0; at < RUNS; at++) {
      runs.push(await measure(words));
      empty.push(await startNode(processes));
    }
    const median = (values: readonly number[]): number => quantile(values, 0.5);
    const startS = median(runs.map((each) => each.startS));
    rows.push({
      what: `${name}: up to boot accepted`,
      ours: startS,
      raw: median(empty),
      unit: 's',
      better: 'less',
      goal: startGoalS,
      goalIsFigure: true,
    });
    const memory = median(runs.map((each) => each[kind]));
    rows.push({
      what: `${name}: memory (${kind.toUpperCase()})`,
      ours: memory,
      unit: 'MB',
      better: 'less',
      goal: memoryGoal,
    });
  }
  return { name: 'start', rows };
}
