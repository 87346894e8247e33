import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { createLogger, type LogLevel } from '@chargemesh/base';
import {
  type CsmsKind,
  junit,
  play,
  type RealBroker,
  type RunReport,
  readScenario,
  type StepReport,
  type WorldKind,
} from '@chargemesh/scenarios';
import { parseAddress } from '../support/broker-option.ts';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { cliProgram } from '../support/module-program.ts';
import { note, print, printJson } from '../support/output.ts';

/** The flags of `run`. */
export interface RunOptions {
  readonly virtual?: boolean;
  readonly layout?: string;
  /** `embedded`, `apart`, or host:port. */
  readonly broker?: string;
  /** `ours` or `ocpp-rpc`. */
  readonly csmsKind?: string;
  readonly seed?: number;
  readonly junit?: string;
  /** A folder for the frames of each run. */
  readonly transcripts?: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** Plays scenarios, one after the other. */
export async function run(files: readonly string[], options: RunOptions): Promise<ExitCode> {
  const world = worldOf(options);
  const scenarios = files.map(readScenario);
  const log = createLogger(options.logLevel);
  const reports: RunReport[] = [];
  for (const read of scenarios) {
    if (!options.json) print(`${read.scenario.name} (${relative(process.cwd(), read.file)})`);
    const onStep = options.json ? () => {} : tellStep;
    const report = await play(read, { world, log, transcripts: options.transcripts, onStep });
    reports.push(report);
    if (options.json) printJson(report);
    else tellEnd(report);
  }
  if (options.junit !== undefined) writeFileSync(options.junit, junit(reports));
  const failed = reports.filter(({ failures }) => failures.length > 0).length;
  const skipped = reports.filter((report) => report.skipped !== undefined).length;
  const passed = reports.length - failed - skipped;
  if (!options.json) print(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} not applicable`}`);
  if (failed > 0) return EXIT.failed;
  return passed === 0 && skipped > 0 ? EXIT.notApplicable : EXIT.ok;
}

function tellEnd({ skipped, failures }: RunReport): void {
  if (skipped !== undefined) print(`  NOT APPLICABLE ${skipped}`);
  for (const failure of failures) note(`  FAILED ${failure}`);
}

function tellStep({ atMs, text, failure }: StepReport): void {
  print(`  ${(atMs / 1000).toFixed(3).padStart(9)} s  ${failure === undefined ? 'ok' : 'NO'}  ${text}`);
}

/** @throws CliError where the flags do not go together */
function worldOf(options: RunOptions): WorldKind {
  const { virtual, layout = 'one', broker = 'embedded', seed = 1, csmsKind = 'ours' } = options;
  if (layout !== 'one' && layout !== 'isolated')
    throw new CliError('CLI_USAGE', `--layout ${layout}: it is "one" or "isolated"`, EXIT.usage);
  const csms = csmsOf(csmsKind);
  if (virtual && csms !== 'ours')
    throw new CliError('CLI_USAGE', `--csms-kind ${csms} goes with real time alone: it needs sockets`, EXIT.usage);
  if (virtual) return { kind: 'virtual', seed };
  return { kind: 'real', layout, broker: brokerOf(broker), csms, program: cliProgram() };
}

function csmsOf(text: string): CsmsKind {
  if (text === 'ours' || text === 'ocpp-rpc') return text;
  throw new CliError('CLI_USAGE', `--csms-kind ${text}: it is "ours" or "ocpp-rpc"`, EXIT.usage);
}

function brokerOf(text: string): RealBroker {
  if (text === 'embedded' || text === 'apart') return { kind: text };
  const { host, port } = parseAddress(text);
  return { kind: 'outside', address: `${host}:${port}` };
}
