import { rmSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { type Clock, type Logger, type LogLevel, messageOf, RealClock, systemRandom } from '@chargemesh/base';
import {
  type BrokerChoice,
  canStart,
  formatFinding,
  Mesh,
  type MeshConfiguration,
  type MeshEnd,
  type PreparedMesh,
  stationLayout,
  ValueOverlay,
} from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT } from '../support/exit-codes.ts';
import { isolation } from '../support/isolation.ts';
import { lockState } from '../support/lock-state.ts';
import { MeshDesk } from '../support/mesh-desk.ts';
import { meshLog } from '../support/mesh-log.ts';
import { moduleProgram } from '../support/module-program.ts';
import { ocppFindings } from '../support/ocpp-findings.ts';
import { note, print } from '../support/output.ts';
import { report } from '../support/report.ts';
import { version } from '../support/version.ts';
import { dumpConfiguration, dumpManifests } from './dump.ts';
import { findConfiguration } from './find-configuration.ts';
import { managerUsage } from './flag-table.ts';
import { ManagerFlags } from './manager-flags.ts';
import { managerPrefix } from './manager-prefix.ts';
import { prepareManager } from './prepare-manager.ts';
import { managerState } from './state-folder.ts';
import { StatusFifo } from './status-fifo.ts';
import { StatusLines } from './status-lines.ts';
import { managerBroker } from './usual-broker.ts';

const AWAKE_MS = 3_600_000;

/** How this program was called. */
export interface ManagerCall {
  /** The command line without the program. */
  readonly words: readonly string[];
  /** The path that it was called by, symbolic links and all; undefined where nobody says. */
  readonly calledAs: string | undefined;
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly stopped: Promise<unknown>;
}

/**
 * EVerest's manager, as its tools start and drive it: a mesh that is told everything by flags and tells how it is by a FIFO. Nothing goes
 * to standard output but what `--help` and `--version` ask for.
 *
 * @returns the exit code, as the reference's: 0, or 1 where something went wrong; what it was is said on standard error
 */
export async function runManager({ words, calledAs, stopped }: ManagerCall): Promise<0 | 1> {
  try {
    const flags = ManagerFlags.parse(words);
    if (flags.has('help')) print(managerUsage());
    else if (flags.has('version')) print(`chargemesh ${version()}`);
    else {
      for (const text of flags.notes) note(text);
      return await act(flags, managerPrefix(flags.word('prefix'), calledAs), stopped);
    }
    return 0;
  } catch (error) {
    report(error);
    return 1;
  }
}

async function act(flags: ManagerFlags, prefix: string | undefined, stopped: Promise<unknown>): Promise<0 | 1> {
  const manifests = flags.word('dumpmanifests');
  if (manifests !== undefined) {
    dumpManifests(manifests);
    return 0;
  }
  if (flags.has('check')) return check(flags, prefix);
  const clock = new RealClock();
  const path = flags.word('status-fifo');
  const fifo = path === undefined ? undefined : StatusFifo.open(path, { clock, warn: note });
  const status = new StatusLines(fifo ?? { say: () => {} }, { tellsCrashes: flags.has('recover-module-crashes') });
  const run = { clock, status, stopped };
  stopped.then(() => status.signal());
  try {
    status.initializing();
    if (flags.has('into-idle')) return await idle(run);
    return await live(flags, prefix, run).catch(async (error) => {
      report(error);
      return flags.has('idle-on-failure') ? await idle(run) : 1;
    });
  } finally {
    status.exiting();
    fifo?.close();
  }
}

async function idle({ status, clock, stopped }: Run): Promise<0> {
  status.idle();
  // Awaiting a signal does not keep a process alive.
  const awake = new AbortController();
  stopped.then(() => awake.abort());
  while (!awake.signal.aborted) await clock.sleep(AWAKE_MS, awake.signal).catch(() => {});
  status.stopping();
  return 0;
}

/** @see reference bus.md 2.1: it wants a file, and needs neither a broker nor a state folder */
function check(flags: ManagerFlags, prefix: string | undefined): 0 | 1 {
  const named = flags.word('config');
  if (named === undefined) throw new CliError('CLI_USAGE', '--check needs --config', EXIT.usage);
  const prepared = prepareManager({ flags, prefix, file: findConfiguration(named, prefix), valuesFile: undefined });
  const findings = [...prepared.findings, ...ocppFindings(prepared)];
  for (const finding of findings) note(formatFinding(finding));
  dump(flags, prepared);
  return canStart(findings) ? 0 : 1;
}

interface Run {
  readonly clock: Clock;
  readonly status: StatusLines;
  readonly stopped: Promise<unknown>;
}

async function live(flags: ManagerFlags, prefix: string | undefined, run: Run): Promise<0> {
  const file = findConfiguration(flags.word('config'), prefix);
  const stateFolder = managerState(flags.word('db'), file, process.env);
  const valuesFile = join(stateFolder, 'user-config.json');
  const level = logLevel(flags.word('log-level'));
  const lock = lockState(stateFolder, run.clock);
  try {
    if (flags.has('reset-from-yaml')) {
      if (flags.word('config') === undefined)
        throw new CliError('CLI_USAGE', '--reset-from-yaml needs --config', EXIT.usage);
      rmSync(valuesFile, { force: true });
    }
    const prepare = () => prepareManager({ flags, file, prefix, valuesFile });
    const mesh = { ...run, flags, prefix, file, stateFolder, valuesFile, level, prepare };
    await runMeshes({ ...mesh, log: meshLog(stateFolder, level) });
    return 0;
  } finally {
    lock.release();
  }
}

interface MeshRun extends Run {
  readonly flags: ManagerFlags;
  readonly prefix: string | undefined;
  readonly file: string;
  readonly stateFolder: string;
  readonly valuesFile: string;
  readonly level: LogLevel;
  readonly log: Logger;
  readonly prepare: () => ReturnType<typeof prepareManager>;
}

/** Runs the mesh until it is told to end; after a hard reset once more, with the values that were set meanwhile. */
async function runMeshes(run: MeshRun): Promise<void> {
  const { flags, file, log, clock, status } = run;
  let prepared: ReturnType<typeof prepareManager> = run.prepare();
  let configuration = startable(prepared, file);
  dump(flags, prepared);
  const broker = await managerBroker(configuration.settings, clock);
  for (;;) {
    const end = await runMesh(run, prepared, configuration, broker);
    if (end?.kind !== 'reboot') return;
    status.rebooting();
    const again = run.prepare();
    if (again.configuration && canStart(again.findings)) {
      prepared = again;
      configuration = again.configuration;
    } else log.error(`${file} has faults by now: the mesh starts as it was`);
  }
}

/** @throws CliError where it has faults, or nothing to start */
function startable({ findings, configuration }: PreparedMesh, file: string): MeshConfiguration {
  for (const finding of findings) note(formatFinding(finding));
  if (!configuration || !canStart(findings))
    throw new CliError('CONFIG_FAULTS', `${file} has faults: nothing was started`, EXIT.configuration);
  if (configuration.modules.length === 0)
    throw new CliError('CONFIG_FAULTS', `${file} has no modules: there is nothing to start`, EXIT.configuration);
  return configuration;
}

/** @returns why it ended by itself; undefined where it was told to. @throws ChargemeshError where it cannot go on */
async function runMesh(
  run: MeshRun,
  prepared: PreparedMesh,
  configuration: MeshConfiguration,
  broker: BrokerChoice,
): Promise<MeshEnd | undefined> {
  const { clock, flags, log, status, stopped } = run;
  const asked = stopped.then(() => undefined);
  const starting = startMesh(run, prepared, configuration, broker);
  const mesh = await Promise.race([starting, asked]);
  if (!mesh) {
    status.stopping();
    return undefined;
  }
  mesh.ready.then(flushCompileCache, () => {});
  // It is a convenience: where its socket cannot be had, the mesh goes on without.
  const desk = await MeshDesk.open({ ...run, mesh, layout: stationLayout(configuration.modules) }).catch((error) => {
    log.warn(`commands will not find this mesh: ${messageOf(error)}`);
    return undefined;
  });
  const end = await Promise.race([asked, mesh.ended, ...(desk ? [desk.stopAsked.then(() => undefined)] : [])]);
  if (end?.kind === 'failed') status.failing();
  else if (end?.kind !== 'reboot') status.stopping();
  if (end && end.kind !== 'failed') log.info(`${end.by} asked for the end of the mesh (${end.kind}): ${end.reason}`);
  await desk?.close();
  const startedMs = clock.monotonicMs();
  const outcome = await mesh.stop({
    tellStandalone: flags.has('graceful-shutdown'),
    keepDefinitions: flags.has('retain-topics'),
  });
  log.debug(`the mesh stopped within ${Math.round(clock.monotonicMs() - startedMs)} ms`);
  if (end?.kind !== 'reboot') status.stopped(outcome);
  if (end?.kind === 'failed') throw end.error;
  return end;
}

function startMesh(
  { clock, flags, log, level, prefix, stateFolder, valuesFile, status }: MeshRun,
  prepared: PreparedMesh,
  configuration: MeshConfiguration,
  broker: BrokerChoice,
): Promise<Mesh> {
  const apart = flags.words('isolate');
  return Mesh.start({
    configuration,
    library: prepared.library,
    clock,
    random: systemRandom,
    log,
    logLevel: level,
    broker,
    isolate: apart.length === 0 ? 'none' : isolation(apart.includes('all') ? 'all' : apart, configuration),
    ignore: flags.words('ignore'),
    program: moduleProgram(),
    stateFolder,
    searchPaths: prepared.searchPaths,
    moduleFolders: prepared.moduleFolders,
    interfacesFolder: prepared.interfacesFolder,
    runOptions: prefix === undefined ? {} : { prefix },
    values: new ValueOverlay(valuesFile),
    onEvent: (event) => status.meshEvent(event),
  });
}

function dump(flags: ManagerFlags, { text, library, configuration }: ReturnType<typeof prepareManager>): void {
  const folder = flags.word('dump');
  if (folder === undefined) return;
  dumpConfiguration(
    folder,
    text,
    library.contracts,
    (configuration?.modules ?? []).map(({ name }) => name),
  );
}

function logLevel(text: string | undefined): LogLevel {
  const level = (['silent', 'error', 'warn', 'info', 'debug'] as const).find((each) => each === (text ?? 'info'));
  if (level === undefined) throw new CliError('CLI_USAGE', `--log-level ${text}: there is no such level`, EXIT.usage);
  return level;
}
