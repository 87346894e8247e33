import { type Clock, type Logger, messageOf, within } from '@chargemesh/base';
import { ChildHost, type ChildHostOptions } from './child-host.ts';
import { InProcessHost } from './in-process-host.ts';
import type { HostEvent, ModuleHost, StopOutcome } from './module-host.ts';
import type { ProcessEnvironment } from './run-module.ts';

/** All of it has to be over within two seconds of a Ctrl-C. */
const STOP_WITHIN_MS = 1_800;

/** Which modules get a process of their own. */
export type Isolation = 'none' | 'all' | readonly string[];

/** Where the modules of a mesh run, and how. */
export interface ModuleHostsOptions {
  readonly isolate: Isolation;
  readonly here: ProcessEnvironment;
  /** Needed where modules are isolated. */
  readonly children: Omit<ChildHostOptions, 'onEvent'> | undefined;
  readonly onEvent: (event: HostEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Runs each module of a mesh where it belongs: in this process, or in one of its own. */
export class ModuleHosts {
  readonly #options: ModuleHostsOptions;
  readonly #here: InProcessHost;
  readonly #children: ChildHost | undefined;

  constructor(options: ModuleHostsOptions) {
    this.#options = options;
    const { here, children, onEvent } = options;
    this.#here = new InProcessHost(here, onEvent);
    this.#children = children && new ChildHost({ ...children, onEvent });
  }

  start(moduleId: string): Promise<void> {
    return this.#of(moduleId).start(moduleId);
  }

  stop(moduleId: string): Promise<void> {
    return this.#of(moduleId).stop(moduleId);
  }

  /** @see {@link InProcessHost.crash} */
  crash(moduleId: string): boolean {
    return this.#here.crash(moduleId);
  }

  /** Stops one group after the other, each in order; who does not stop in time is ended. */
  async stopAll(groups: readonly (readonly string[])[]): Promise<StopOutcome> {
    const { clock, log } = this.#options;
    const unfinished = new Set<string>();
    const stop = async (id: string): Promise<void> => {
      unfinished.add(id);
      await this.stop(id);
      unfinished.delete(id);
    };
    const work = (async (): Promise<void> => {
      for (const group of groups) await Promise.all(group.map(stop));
    })();
    const told = work.catch((error) => log.error(`stopping: ${messageOf(error)}`));
    const outcome = await within(clock, STOP_WITHIN_MS, told);
    if (outcome === 'late') log.warn(`${[...unfinished].join(', ')} did not stop in time; all were ended`);
    this.#here.kill();
    this.#children?.kill();
    return outcome === 'late' ? 'forced' : 'clean';
  }

  #of(moduleId: string): ModuleHost {
    const { isolate } = this.#options;
    const apart = isolate === 'all' || (isolate !== 'none' && isolate.includes(moduleId));
    return apart && this.#children ? this.#children : this.#here;
  }
}
