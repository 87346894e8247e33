import { flushCompileCache } from 'node:module';
import { relative, resolve } from 'node:path';
import { type Clock, type Logger, type LogLevel, messageOf, RealClock, systemRandom } from '@chargemesh/base';
import {
  type BrokerChoice,
  canStart,
  defaultStateFolder,
  formatFinding,
  Mesh,
  type MeshConfiguration,
  type MeshEnd,
  type PreparedMesh,
  prepareMesh,
  type StationLayout,
  stationLayout,
  ValueOverlay,
} from '@chargemesh/manager';
import { brokerChoice } from '../support/broker-option.ts';
import type { RunningCsms } from '../support/bundled-csms.ts';
import { CliError } from '../support/cli-error.ts';
import { deriveEvses } from '../support/derive-evses.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { isolation } from '../support/isolation.ts';
import { lockState } from '../support/lock-state.ts';
import { MeshDesk } from '../support/mesh-desk.ts';
import { meshLog } from '../support/mesh-log.ts';
import { moduleProgram } from '../support/module-program.ts';
import { note } from '../support/output.ts';
import { configPath } from '../support/paths.ts';
import { untilSignal } from '../support/signals.ts';
import { UpScreen } from '../support/up-screen.ts';

/** The flags of `up`. */
export interface UpOptions {
  /** true: all; text: these ids, separated by commas. */
  readonly isolate?: boolean | string;
  readonly broker?: string;
  /** false: none; text: this one; absent: the bundled one. */
  readonly csms?: string | false;
  readonly id?: string;
  readonly password?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly evses?: number;
  readonly speed?: number;
  /** In seconds. */
  readonly deadMan?: number;
  readonly state?: string;
  readonly modules?: readonly string[];
  readonly standalone?: readonly string[];
  /** Ends with exit code 75 on a hard reset, for a service manager to start it again. */
  readonly exitOnReset?: boolean;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** Starts a mesh and stays until it is told to end. */
export async function up(named: string | undefined, options: UpOptions): Promise<ExitCode> {
  const clock = new RealClock();
  const file = configPath(named);
  const stateFolder = resolve(options.state ?? defaultStateFolder(file, process.env));
  const lock = lockState(stateFolder, clock);
  try {
    return await runMesh({ clock, file, stateFolder, options });
  } finally {
    lock.release();
  }
}

interface Run {
  readonly clock: Clock;
  readonly file: string;
  readonly stateFolder: string;
  readonly options: UpOptions;
}

async function runMesh(run: Run): Promise<ExitCode> {
  const { clock, file, stateFolder, options } = run;
  const values = resolve(stateFolder, 'user-config.json');
  const evses = options.evses;
  const prepare = (): PreparedMesh =>
    prepareMesh({
      configFile: file,
      environment: process.env,
      valuesFile: values,
      selection: { standalone: options.standalone ?? [] },
      ...(options.modules && { moduleFolders: options.modules }),
      ...(evses !== undefined && { transform: (text) => deriveEvses(text, evses) }),
    });
  let prepared = prepare();
  for (const finding of prepared.findings) note(formatFinding(shortened(finding)));
  if (!prepared.configuration || !canStart(prepared.findings)) {
    note(`${shortPath(file)} has faults: nothing was started`);
    return EXIT.configuration;
  }
  const log = meshLog(stateFolder, options.logLevel);
  let { configuration } = prepared;
  const layout = stationLayout(configuration.modules);
  const stopped = untilSignal();
  const csms = layout.ocppModuleId === undefined ? undefined : await openCsms(options, { clock, stateFolder, log });
  let broker = brokerChoice(options.broker, configuration.settings);
  try {
    for (;;) {
      const mesh = await startMesh(run, prepared, configuration, { broker, log, csms });
      // Whoever looks on from outside finds it again where it was.
      if (broker.kind === 'embedded') broker = { kind: 'embedded', port: mesh.broker.port };
      const code = await serve({ ...run, log, mesh, layout, csms, stopped });
      if (code !== EXIT.reset || options.exitOnReset) return code;
      // Values that were to hold after a new start were set meanwhile.
      const again = prepare();
      if (again.configuration && canStart(again.findings)) {
        prepared = again;
        configuration = again.configuration;
      } else log.error(`${shortPath(file)} has faults by now: the mesh starts as it was`);
    }
  } finally {
    await csms?.stop();
  }
}

async function openCsms(
  { csms }: UpOptions,
  ports: { clock: Clock; stateFolder: string; log: Logger },
): Promise<RunningCsms | undefined> {
  if (csms === false) return undefined;
  if (csms === undefined) return await (await import('../support/bundled-csms.ts')).bundledCsms(ports);
  if (!/^wss?:\/\//.test(csms))
    throw new CliError('CLI_USAGE', `--csms ${csms}: write its address, such as ws://127.0.0.1:9000`, EXIT.usage);
  return { url: csms, bundled: false, methods: {}, stop: async () => {} };
}

function startMesh(
  { clock, stateFolder, options }: Run,
  prepared: PreparedMesh,
  configuration: MeshConfiguration,
  { broker, log, csms }: { broker: BrokerChoice; log: Logger; csms: RunningCsms | undefined },
): Promise<Mesh> {
  return Mesh.start({
    configuration,
    library: prepared.library,
    clock,
    random: systemRandom,
    log,
    logLevel: options.logLevel,
    broker,
    isolate: isolation(wantedIsolation(options.isolate), configuration),
    program: moduleProgram(),
    stateFolder,
    searchPaths: prepared.searchPaths,
    moduleFolders: prepared.moduleFolders,
    interfacesFolder: prepared.interfacesFolder,
    runOptions: runOptions(options, csms),
    values: new ValueOverlay(resolve(stateFolder, 'user-config.json')),
  });
}

async function serve(
  run: Run & {
    log: Logger;
    mesh: Mesh;
    layout: StationLayout;
    csms: RunningCsms | undefined;
    stopped: Promise<unknown>;
  },
): Promise<ExitCode> {
  const { clock, file, stateFolder, options, log, mesh, layout, csms, stopped } = run;
  const desk = await MeshDesk.open({ clock, log, mesh, layout, file, stateFolder, methods: csms?.methods ?? {} });
  const screen = new UpScreen({ clock, mesh, layout, csms, file, stateFolder, json: options.json ?? false });
  try {
    const over = Promise.race([
      stopped.then((): MeshEnd | undefined => undefined),
      desk.stopAsked.then((): MeshEnd | undefined => undefined),
      mesh.ended,
    ]);
    await screen.start();
    const ready = mesh.ready.then(
      () => true,
      () => false,
    );
    if (await Promise.race([ready, over.then(() => false)])) {
      await screen.ready();
      flushCompileCache();
    }
    const end = await over;
    return exitCode(end, screen, layout);
  } finally {
    await desk.close();
    await mesh.stop().catch((error) => log.error(`stopping: ${messageOf(error)}`));
  }
}

function exitCode(end: MeshEnd | undefined, screen: UpScreen, { evses }: StationLayout): ExitCode {
  if (!end) {
    screen.end('stopping …');
    return EXIT.ok;
  }
  if (end.kind === 'failed') throw end.error;
  const wish = end.kind === 'reboot' ? 'for a new start' : 'for the end of the mesh';
  const cars = end.kind === 'reboot' && evses.some(({ car }) => car !== undefined);
  screen.end(`${end.by} asked ${wish}: ${end.reason}${cars ? ' (simulated cars start unplugged)' : ''}`);
  return end.kind === 'reboot' ? EXIT.reset : EXIT.ok;
}

function wantedIsolation(flag: boolean | string | undefined): 'none' | 'all' | string[] {
  if (typeof flag === 'string') return flag.split(',').map((id) => id.trim());
  return flag === true ? 'all' : 'none';
}

function runOptions(options: UpOptions, csms: RunningCsms | undefined): Record<string, string> {
  const { id, password, vendor, model, speed, deadMan } = options;
  return {
    ...(csms && { csms: csms.url }),
    ...(id !== undefined && { id }),
    ...(password !== undefined && { password }),
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
    ...(speed !== undefined && { speed: String(speed) }),
    ...(deadMan !== undefined && { deadMan: String(deadMan) }),
  };
}

function shortened<T extends { readonly file: string }>(finding: T): T {
  return { ...finding, file: shortPath(finding.file) };
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
