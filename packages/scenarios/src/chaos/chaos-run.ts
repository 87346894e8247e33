import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, makeFolder } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { stringify } from 'yaml';
import { play, type WorldKind } from '../run/play.ts';
import type { StepReport } from '../run/run-scenario.ts';
import { type Extent, generate } from './generate.ts';
import { Rejections } from './rejections.ts';
import type { Hit } from './strike.ts';

/** The modules that may die; cars and boards are not of the station. */
const MODULES: Extent['plan']['modules'] = [
  'ocpp',
  'ocpp',
  'evse_manager_1',
  'evse_manager_2',
  'auth',
  'energy_manager',
  'grid_connection_point',
  'evse_manager_1_ocpp_sink',
  'evse_manager_2_api_sink',
  'evse_security',
  'persistent_store',
  'system',
  'token_provider_1',
];

const VIRTUAL: Extent = {
  plan: { modules: MODULES, apart: true, time: 'virtual', atMostS: 40 },
  evses: 2,
  actions: [6, 18],
  pauseS: 25,
  settle: '15 min',
};

/** With real processes: a run takes about a minute, most of it for all to come up and to come to rest. */
const REAL: Extent = {
  plan: { modules: MODULES, apart: true, time: 'real', atMostS: 3 },
  evses: 2,
  actions: [4, 8],
  pauseS: 3,
  settle: { within: '3 min', quiet: '5 s' },
};
/** In one process nothing dies alone. */
const REAL_ONE: Extent = { ...REAL, plan: { ...REAL.plan, apart: false }, actions: [2, 4], pauseS: 2 };

function extentOf(world: ChaosOptions['world']): Extent {
  if (world.kind === 'virtual') return VIRTUAL;
  return world.layout === 'one' ? REAL_ONE : REAL;
}

/** One run of chaos. */
export interface ChaosReport {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly hits: readonly Hit[];
  readonly failures: readonly string[];
  readonly steps: readonly StepReport[];
  /** Each frame, as a line of NDJSON. */
  readonly transcript: readonly string[];
  /** In the time of the world. */
  readonly tookMs: number;
}

/** How chaos is played. */
export interface ChaosOptions {
  readonly seed: number;
  /** Of a virtual one the seed is that of the run. */
  readonly world: { readonly kind: 'virtual' } | Extract<WorldKind, { kind: 'real' }>;
  readonly log: Logger;
  /** Takes what `./mesh run` needs to play a run again that has failed, and its frames. */
  readonly folder?: string | undefined;
  readonly onStep?: (step: StepReport) => void;
  readonly onFrame?: (line: string) => void;
}

/** Plays the scenario of a seed: in virtual time the same each time, with real processes the same steps and faults. */
export async function chaosRun({ seed, world, log, folder, onStep, onFrame }: ChaosOptions): Promise<ChaosReport> {
  const { scenario, faults } = generate(seed, extentOf(world));
  const name = `chaos-${seed}`;
  const transcript: string[] = [];
  const rejections = new Rejections();
  try {
    const read = {
      scenario,
      file: `${name}.yaml`,
      configFile: join(repositoryFolder, 'config-sil-ocpp.yaml'),
      lines: scenario.steps.map((_step, index) => index + 1),
    };
    const { failures, hits, steps, tookMs } = await play(read, {
      world: world.kind === 'virtual' ? { kind: 'virtual', seed } : world,
      log,
      ...(onStep && { onStep }),
      onFrame: (line) => {
        transcript.push(line);
        onFrame?.(line);
      },
    });
    const report: ChaosReport = {
      seed,
      faults,
      hits,
      failures: [...failures.filter((failure) => !isForgiven(failure, hits)), ...rejections.found],
      steps,
      transcript,
      tookMs,
    };
    if (report.failures.length > 0 && folder !== undefined) {
      makeFolder(folder);
      writeFileSync(join(folder, `${name}.yaml`), `# ${commandOf(world, seed)} ${name}.yaml\n${stringify(scenario)}`);
      writeFileSync(join(folder, `${name}.ndjson`), `${transcript.join('\n')}\n`);
    }
    return report;
  } finally {
    rejections.end();
  }
}

/**
 * An answer that a full disk did not take is known to a process alone: where that dies too, the request is sent again, as at-least-once has
 * it, though the CSMS saw the station go on after its answer.
 */
function isForgiven(failure: string, hits: readonly Hit[]): boolean {
  return /^TX_(START|STOP)_REPEATED /.test(failure) && hits.some(({ strike }) => strike.how === 'disk');
}

function commandOf(world: ChaosOptions['world'], seed: number): string {
  if (world.kind === 'virtual') return `./mesh run --virtual --seed ${seed}`;
  return `./mesh run --layout ${world.layout} --broker ${world.broker.kind === 'outside' ? world.broker.address : world.broker.kind}`;
}
