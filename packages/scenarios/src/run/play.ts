import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { type Logger, makeFolder } from '@chargemesh/base';
import { parseTags } from '@chargemesh/csms';
import type { ModuleCommand } from '@chargemesh/manager';
import { stringify } from 'yaml';
import { strikesUnseen } from '../chaos/strikes-unseen.ts';
import type { ReadScenario } from '../language/read-scenario.ts';
import { notApplicable } from '../world/real/ocpp-rpc/not-applicable.ts';
import { type RealBroker, RealWorld } from '../world/real/real-world.ts';
import { writeConfiguration } from '../world/scenario-files.ts';
import type { CsmsKind } from '../world/trial-csms.ts';
import { VirtualWorld } from '../world/virtual/virtual-world.ts';
import type { World } from '../world/world.ts';
import { type RunReport, runScenario, type StepReport } from './run-scenario.ts';

/** The station's id at its CSMS. */
const STATION = 'cp001';

/** In which world a scenario is played. */
export type WorldKind =
  | { readonly kind: 'virtual'; readonly seed: number }
  | {
      readonly kind: 'real';
      readonly layout: 'one' | 'isolated';
      readonly broker: RealBroker;
      readonly csms: CsmsKind;
      readonly program: ModuleCommand;
    };

/** How a scenario is played. */
export interface PlayOptions {
  readonly world: WorldKind;
  readonly log: Logger;
  /** A folder that gets the frames of the run: `<scenario>.ndjson`, which the CSMS's checker reads. */
  readonly transcripts?: string | undefined;
  readonly onStep?: (step: StepReport) => void;
  /** Takes each frame as a line of NDJSON. */
  readonly onFrame?: (line: string) => void;
}

/** Makes a world for a scenario, plays it, and leaves nothing of the world behind. What its CSMS is not capable of is not played. */
export async function play(read: ReadScenario, options: PlayOptions): Promise<RunReport> {
  const { scenario, file, configFile } = read;
  const { log, transcripts, onStep } = options;
  const skipped = cannotBePlayed(read, options.world);
  if (skipped !== undefined)
    return { name: scenario.name, file, steps: [], failures: [], hits: [], skipped, tookMs: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'chargemesh-scenario-'));
  const frames: string[] = [];
  try {
    const world = await makeWorld(options.world, {
      configFile: writeConfiguration(folder, { file: configFile, patch: scenario.patch, ocpp: scenario.ocpp ?? {} }),
      station: STATION,
      log,
      transcript: (line) => {
        frames.push(line);
        options.onFrame?.(line);
      },
      tags: scenario.tags && parseTags(stringify(scenario.tags), file),
    });
    try {
      return await runScenario(read, world, onStep);
    } finally {
      await world.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (transcripts !== undefined) {
      makeFolder(transcripts);
      writeFileSync(join(transcripts, `${basename(file, extname(file))}.ndjson`), `${frames.join('\n')}\n`);
    }
  }
}

function cannotBePlayed({ scenario }: ReadScenario, world: WorldKind): string | undefined {
  if (world.kind === 'virtual') return undefined;
  return strikesUnseen(scenario) ?? (world.csms === 'ocpp-rpc' ? notApplicable(scenario) : undefined);
}

type Common = Pick<
  ConstructorParameters<typeof RealWorld>[0],
  'configFile' | 'station' | 'log' | 'transcript' | 'tags'
>;

async function makeWorld(kind: WorldKind, common: Common): Promise<World> {
  if (kind.kind === 'virtual') return VirtualWorld.create({ ...common, seed: kind.seed });
  const { layout, broker, csms, program } = kind;
  return new RealWorld({ ...common, layout, broker, csms, program });
}
