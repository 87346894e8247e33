import { join } from 'node:path';
import { ChargemeshError, type Clock, type Logger, messageOf, type Random } from '@chargemesh/base';
import {
  type Bus,
  fetchModuleInfo,
  IN_MEMORY,
  type LastWill,
  lastWillOf,
  ModuleRuntime,
  type Topics,
  type WrapStore,
} from '@chargemesh/framework';
import type { ModuleSource } from '../modules/module-library.ts';
import { FolderLock } from '../state/folder-lock.ts';

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
  /** Stands between the modules and their databases, for tests. */
  readonly wrapStore?: WrapStore | undefined;
  /** Aborted when the module is to vanish as a killed process does. */
  readonly killed?: AbortSignal;
  /** Told why a module failed that was set up, once nothing of it is left. */
  readonly onFailed?: (reason: string) => void;
  /** Told what gives the lock of the module back, be it still at work or not. */
  readonly onLocked?: (unlock: () => void) => void;
}

/**
 * Starts one module: takes its lock in the state folder and its place on the bus, asks the manager what it is, sets it up, and says
 * that it is ready. The lock is given back when the module has stopped.
 * @throws ChargemeshError `MODULE_RUNS` where it runs already with that state folder: two of it would drive one relay
 * @throws ChargemeshError where it is unknown, cannot be imported, or fails in its set-up; nothing of it is left then
 */
export async function runModule(moduleId: string, environment: ProcessEnvironment): Promise<ModuleRuntime> {
  const unlock = lockModule(moduleId, environment.stateFolder, environment.clock);
  environment.onLocked?.(unlock);
  environment.killed?.addEventListener('abort', unlock, { once: true });
  try {
    return await runLocked(moduleId, environment, (failure) => {
      unlock();
      if (failure !== undefined) environment.onFailed?.(messageOf(failure));
    });
  } catch (error) {
    unlock();
    throw error;
  }
}

async function runLocked(
  moduleId: string,
  environment: ProcessEnvironment,
  onStopped: (failure?: unknown) => void,
): Promise<ModuleRuntime> {
  const { topics, clock, random, log } = environment;
  const bus = await environment.connect(lastWillOf(topics, moduleId));
  try {
    const info = await fetchModuleInfo(bus, topics, clock, moduleId);
    const library = environment.source(info.name);
    const definition = await clock.track(library.load(info.name));
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
      onStopped,
      wrapStore: environment.wrapStore,
      ...(environment.killed && { killed: environment.killed }),
    });
  } catch (error) {
    await bus.close().catch(() => {});
    throw error;
  }
}

/** @returns what gives the lock back */
function lockModule(moduleId: string, stateFolder: string, clock: Clock): () => void {
  if (stateFolder === IN_MEMORY) return () => {};
  const lock = FolderLock.acquire(join(stateFolder, 'locks'), moduleId, clock);
  if (lock instanceof FolderLock) return () => lock.release();
  const who = lock.holder ? `pid ${lock.holder.pid}, since ${lock.holder.since}` : 'it left no note';
  throw new ChargemeshError('MODULE_RUNS', `module ${moduleId} runs already with this state folder (${who})`);
}
