/**
 * Random sessions among random faults; each run has to end with every transaction at the CSMS, once and whole.
 *
 *     pnpm chaos --virtual --seed 1 --runs 5000
 *     pnpm chaos --virtual --seed 1234 --runs 1      plays one of them again, and prints its steps and frames
 *     pnpm chaos --real --seed 1 --runs 100          the same with a process for each module, and one for the broker
 *     pnpm chaos --real --layout one …               with one process for the whole mesh
 *
 * Of a run that failed `--out` gets its scenario, for `./mesh run`, and its frames.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger, type LogLevel, RealClock } from '@chargemesh/base';
import { type ChaosOptions, chaosRun, Tally } from '@chargemesh/scenarios';

const { values } = parseArgs({
  options: {
    virtual: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    layout: { type: 'string', default: 'isolated' },
    /** Of the seeds: two programs at once take every second one each. */
    step: { type: 'string', default: '1' },
    out: { type: 'string', default: join('reports', 'chaos') },
    'log-level': { type: 'string', default: 'silent' },
  },
});
const clock = new RealClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [seed, runs, step] = [Number(values.seed), Number(values.runs), Number(values.step)];
const log = createLogger(values['log-level'] as LogLevel);
const root = resolve(import.meta.dirname, '..');
const isApart = values.layout !== 'one';
const world: ChaosOptions['world'] = values.real
  ? {
      kind: 'real',
      layout: isApart ? 'isolated' : 'one',
      broker: { kind: isApart ? 'apart' : 'embedded' },
      csms: 'ours',
      program: { command: join(root, 'mesh'), args: [] },
    }
  : { kind: 'virtual' };
const tally = new Tally();
const isOne = runs === 1;
const beganMs = clock.monotonicMs();
let saidMs = beganMs;

for (let run = 0; run < runs; run++) {
  const report = await chaosRun({
    seed: seed + run * step,
    world,
    log,
    folder: values.out,
    ...(isOne && {
      onStep: ({ atMs, text, failure }) =>
        say(`${(atMs / 1000).toFixed(3)} ${failure === undefined ? 'ok' : 'NO'} ${text}`),
      onFrame: say,
    }),
  });
  tally.add(report);
  if (report.failures.length > 0) {
    say(`FAILED seed ${report.seed} (${values.out}/chaos-${report.seed}.yaml, .ndjson)`);
    for (const failure of report.failures) say(`  ${failure}`);
  }
  const nowMs = clock.monotonicMs();
  if (!isOne && nowMs - saidMs > 5_000) {
    saidMs = nowMs;
    say(`… ${tally.runs} of ${runs} runs, ${tally.failed.length} failed, ${Math.round((nowMs - beganMs) / 1000)} s`);
  }
}
for (const line of tally.lines()) say(line);
process.exitCode = tally.failed.length > 0 || (!isOne && tally.missing.length > 0) ? 1 : 0;
