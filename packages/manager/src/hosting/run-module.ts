import type { Clock, Logger, Random } from '@chargemesh/base';
import {
  type Bus,
  fetchModuleInfo,
  type LastWill,
  lastWillOf,
  ModuleRuntime,
  type Topics,
} from '@chargemesh/framework';
import type { ModuleSource } from '../modules/module-library.ts';

/** What the modules of one process share. */
export interface ProcessEnvironment {
  /** Opens a connection to the broker, with this last will. */
  readonly connect: (will: LastWill) => Promise<Bus>;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where the code of a module of that name comes from. */
  readonly source: (moduleName: string) => ModuleSource;
  readonly stateFolder: string;
  readonly searchPaths: readonly string[];
  readonly runOptions: Readonly<Record<string, string>>;
  readonly telemetryEnabled: boolean;
}

/**
 * Starts one module: takes its place on the bus, asks the manager what it is, sets it up, and says that it is ready.
 * @throws ChargemeshError where it is unknown, cannot be imported, or fails in its set-up; nothing of it is left then
 */
export async function runModule(moduleId: string, environment: ProcessEnvironment): Promise<ModuleRuntime> {
  const { topics, clock, random, log } = environment;
  const bus = await environment.connect(lastWillOf(topics, moduleId));
  try {
    const info = await fetchModuleInfo(bus, topics, clock, moduleId);
    const library = environment.source(info.name);
    const definition = await library.load(info.name);
    return await ModuleRuntime.start(definition, info, {
      bus,
      topics,
      clock,
      random,
      log,
      contracts: library.contracts,
      stateDir: environment.stateFolder,
      searchPaths: environment.searchPaths,
      runOptions: environment.runOptions,
      telemetryEnabled: environment.telemetryEnabled,
    });
  } catch (error) {
    await bus.close().catch(() => {});
    throw error;
  }
}
