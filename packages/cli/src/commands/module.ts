import { flushCompileCache } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import {
  ChargemeshError,
  type Clock,
  type Logger,
  type LogLevel,
  messageOf,
  RealClock,
  systemRandom,
  within,
} from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { type Bus, ClockSync, Topics } from '@chargemesh/framework';
import {
  BrokerLink,
  type ChildSettings,
  defaultStateFolder,
  ManagerWatch,
  ModuleLibrary,
  readChildEnvironment,
  runModule,
} from '@chargemesh/manager/hosting';
import { parseAddress } from '../support/broker-option.ts';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { meshLog } from '../support/mesh-log.ts';
import { configPath } from '../support/paths.ts';

/** What the broker keeps of a manager that runs arrives at once; EVerest's manager says nothing. */
const MANAGER_WITHIN_MS = 300;

/** The flags of `module`. */
export interface ModuleOptions {
  readonly broker?: string;
  readonly state?: string;
  readonly config?: string;
  readonly modules?: readonly string[];
  readonly logLevel?: LogLevel;
}

/** Runs one module of a mesh whose manager runs elsewhere, until it is told to end or its manager is gone. */
export async function runOneModule(moduleId: string, options: ModuleOptions): Promise<ExitCode> {
  const settings = settingsOf(options);
  const clock = new RealClock();
  const log = meshLog(settings.stateFolder, settings.logLevel);
  const stopped = untilStopped(log);
  try {
    const ended = await run(moduleId, settings, { clock, log }, stopped);
    log.debug(`module ${moduleId} ends: ${ended.reason}`);
    return ended.again ? EXIT.reset : EXIT.ok;
  } catch (error) {
    // The manager says it better than an exit code could.
    process.send?.({ failure: messageOf(error) });
    throw error;
  } finally {
    if (process.connected) process.disconnect();
  }
}

/** Why a module ends, and whether whoever started it should start it again. */
interface End {
  readonly reason: string;
  readonly again: boolean;
}

type Settings = ChildSettings & { readonly logLevel: LogLevel };

async function run(
  moduleId: string,
  settings: Settings,
  { clock, log }: { clock: Clock; log: Logger },
  stopped: Promise<string>,
): Promise<End> {
  const topics = new Topics(settings.prefixes);
  const link = await BrokerLink.open({ kind: 'outside', ...settings.broker }, { clock, random: systemRandom, log });
  const bus = await link.connect();
  await new ClockSync(clock, bus, topics).start();
  const manager = await managerOf(bus, topics, clock);
  const failed = Promise.withResolvers<never>();
  const runtime = await runModule(moduleId, {
    connect: (will) => link.connect({ will }),
    topics,
    clock,
    random: systemRandom,
    log,
    source: (name) =>
      ModuleLibrary.open({
        names: [name],
        moduleFolders: settings.moduleFolders,
        interfacesFolder: settings.interfacesFolder,
      }),
    stateFolder: settings.stateFolder,
    searchPaths: settings.searchPaths,
    // Read once the manager has answered, since it may start after this module. What this module was told itself comes first.
    get runOptions() {
      return { ...manager?.options, ...settings.runOptions };
    },
    telemetryEnabled: settings.telemetryEnabled,
    onFailed: (reason) => failed.reject(new ChargemeshError('MODULE_START', `module ${moduleId} failed: ${reason}`)),
  });
  flushCompileCache();
  const end = await Promise.race([
    failed.promise,
    stopped.then((reason): End => ({ reason, again: false })),
    ...(manager ? [manager.gone.then((reason): End => ({ reason, again: true }))] : []),
  ]);
  if (end.again) log.warn(`${end.reason}: module ${moduleId} goes to its safe state and ends`);
  await runtime.stop();
  await bus.close();
  return end;
}

/** A child has its manager's options from its environment, and hears of its end by the channel between them. */
async function managerOf(bus: Bus, topics: Topics, clock: Clock): Promise<ManagerWatch | undefined> {
  if (process.connected) return undefined;
  const watch = await ManagerWatch.start(bus, topics, clock);
  await within(clock, MANAGER_WITHIN_MS, watch.heard);
  return watch;
}

/** A signal, or, for a child, the end of the channel to its manager. */
function untilStopped(log: Logger): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const isChild = process.connected === true;
  process.on('SIGTERM', () => resolve('SIGTERM'));
  // A Ctrl-C at the terminal reaches children too; their manager stops them in order.
  process.on('SIGINT', () => {
    if (!isChild) resolve('SIGINT');
  });
  process.on('disconnect', () => {
    log.error('the manager is gone: this module goes to its safe state and ends');
    resolve('the manager is gone');
  });
  return promise;
}

function settingsOf(options: ModuleOptions): Settings {
  const told = readChildEnvironment(process.env);
  const config = configPath(options.config);
  const broker = options.broker === undefined ? told.broker : parseAddress(options.broker);
  if (!broker)
    throw new CliError('CLI_USAGE', 'which broker? give --broker host:port or MQTT_SERVER_ADDRESS', EXIT.usage);
  const searchPaths = told.searchPaths ?? [];
  return {
    broker,
    prefixes: told.prefixes ?? new Topics().prefixes,
    stateFolder: resolve(options.state ?? told.stateFolder ?? defaultStateFolder(config, process.env)),
    searchPaths: searchPaths.length > 0 ? searchPaths : [dirname(config), join(repositoryFolder, 'config', 'ocpp')],
    runOptions: told.runOptions ?? {},
    moduleFolders: options.modules?.map((path) => resolve(path)) ?? told.moduleFolders ?? [],
    interfacesFolder: told.interfacesFolder,
    telemetryEnabled: told.telemetryEnabled ?? false,
    logLevel: options.logLevel ?? readLevel(told.logLevel) ?? 'info',
  };
}

function readLevel(text: string | undefined): LogLevel | undefined {
  return (['silent', 'error', 'warn', 'info', 'debug'] as const).find((level) => level === text);
}
