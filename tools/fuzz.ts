/**
 * Lets broken and half broken frames loose on the station, in each of its states.
 *
 *     pnpm fuzz ocpp                              a million frames
 *     pnpm fuzz ocpp --frames 20000 --seed 7
 *     pnpm fuzz ocpp --seed 7 --run 42            plays one run of them again, and prints its frames
 *
 * Fails where a frame is not met as OCPP-J wants it, something is thrown, an action was not tried in a state, memory grows, or less
 * than nine in ten branches of the handlers were taken.
 */
import { join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { RealClock } from '@chargemesh/base';
import { BranchCoverage, branchesTaken } from './fuzz/branch-coverage.ts';
import { fuzz, replay } from './fuzz/fuzz-run.ts';
import { HeapWatch } from './fuzz/heap-watch.ts';

const root = resolve(import.meta.dirname, '..');
/** Where requests of the CSMS are read, judged, handled and answered. */
const handlers = [`actions${sep}`, join('rpc', 'inbound.ts'), join('rpc', 'frame.ts')];
const LEAST_BRANCHES = 0.9;
const MOST_GROWTH_MB = 4;
const SAMPLES = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    /** Plays this run of the seed alone. */
    run: { type: 'string' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [seed, frames] = [Number(values.seed), Number(values.frames)];

if (positionals[0] !== 'ocpp') {
  process.stderr.write('usage: pnpm fuzz ocpp [--frames N] [--seed N] [--run N]\n');
  process.exitCode = 2;
} else if (values.run !== undefined) await playAgain(Number(values.run));
else await playAll();

async function playAgain(run: number): Promise<void> {
  const { name } = await replay(seed, run, {
    sent: ({ kind, text }) => say(`→ ${kind} ${text}`),
    heard: (text) => say(`← ${text}`),
    violation: (_, said) => {
      say(`VIOLATION ${said}`);
      process.exitCode = 1;
    },
  });
  say(`run ${run} of seed ${seed}: ${name}`);
}

async function playAll(): Promise<void> {
  const clock = new RealClock();
  const coverage = new BranchCoverage();
  await coverage.start();
  const heap = new HeapWatch();
  const beganMs = clock.monotonicMs();
  let sampled = 0;
  const tally = await fuzz({
    frames,
    seed,
    progress: (so) => {
      const part = so.frames / frames;
      if (part * SAMPLES < sampled) return;
      sampled = Math.floor(part * SAMPLES) + 1;
      heap.sample(part);
      say(`… ${so.frames} frames, ${so.failures} violations, ${Math.round((clock.monotonicMs() - beganMs) / 1000)} s`);
    },
  });
  const tookS = (clock.monotonicMs() - beganMs) / 1000;
  const files = await coverage.take(root, isHandler);
  for (const { file, branches, taken, missed } of files)
    if (missed.length > 0) say(`${file}: ${taken} of ${branches} branches, not at line ${missed.join(', ')}`);
  const part = branchesTaken(files);
  const growthMb = heap.growth / 1e6;
  for (const line of tally.lines()) say(line);
  say(`${Math.round(tally.frames / tookS)} frames a second`);
  say(`${(part * 100).toFixed(1)} % of the branches of ${files.length} files of handlers were taken`);
  say(`memory after garbage collection: ${growthMb.toFixed(2)} MB more in the second half`);
  const isWell =
    tally.failures === 0 && tally.missing.length === 0 && part >= LEAST_BRANCHES && growthMb <= MOST_GROWTH_MB;
  process.exitCode = isWell ? 0 : 1;
}

function isHandler(path: string): boolean {
  const folder = join(root, 'packages', 'ocpp-core', 'src') + sep;
  return handlers.some((name) => path.startsWith(folder + name));
}
