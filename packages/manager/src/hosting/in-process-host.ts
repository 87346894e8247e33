import { ChargemeshError, MortalClock } from '@chargemesh/base';
import type { Bus, LastWill, ModuleRuntime } from '@chargemesh/framework';
import type { HostEvent, ModuleHost } from './module-host.ts';
import { type ProcessEnvironment, runModule } from './run-module.ts';

/** A module from the moment when it was asked to start. */
interface Hosted {
  /** Resolves when it was set up; undefined where it was not. */
  runtime: Promise<ModuleRuntime | undefined>;
  readonly clock: MortalClock;
  readonly killed: AbortController;
  bus: Bus | undefined;
  /** The mesh has ended without it. */
  cutOff: boolean;
  /** Gives its lock back. */
  unlock: () => void;
}

/** Runs modules in this process: small and quick, and one failure domain. */
export class InProcessHost implements ModuleHost {
  readonly #environment: ProcessEnvironment;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #running = new Map<string, Hosted>();
  readonly #leaving = new Set<Hosted>();

  /** @param onEvent told of a module that ended unasked */
  constructor(environment: ProcessEnvironment, onEvent: (event: HostEvent) => void) {
    this.#environment = environment;
    this.#onEvent = onEvent;
  }

  async start(moduleId: string): Promise<void> {
    const hosted: Hosted = {
      runtime: Promise.resolve(undefined),
      clock: new MortalClock(this.#environment.clock),
      killed: new AbortController(),
      cutOff: false,
      unlock: () => {},
      bus: undefined,
    };
    const starting = runModule(moduleId, {
      ...this.#environment,
      clock: hosted.clock,
      killed: hosted.killed.signal,
      onLocked: (unlock) => {
        hosted.unlock = unlock;
      },
      onFailed: (reason) => {
        if (this.#running.get(moduleId) !== hosted) return;
        this.#running.delete(moduleId);
        this.#onEvent({ kind: 'died', moduleId, reason });
      },
      connect: (will) => this.#connect(hosted, will),
    });
    hosted.runtime = starting.catch(() => undefined);
    this.#running.set(moduleId, hosted);
    try {
      await starting;
    } catch (error) {
      // Who is stopped while it starts may well fail.
      if (this.#running.get(moduleId) !== hosted) return;
      this.#running.delete(moduleId);
      throw error;
    }
  }

  async stop(moduleId: string): Promise<void> {
    const hosted = this.#running.get(moduleId);
    if (!hosted) return;
    this.#running.delete(moduleId);
    this.#leaving.add(hosted);
    const runtime = await hosted.runtime;
    await runtime?.stop();
    this.#leaving.delete(hosted);
  }

  /** Code in this process cannot be ended; it is cut off from the bus, and its place is free for another start of the module. */
  kill(): void {
    for (const hosted of [...this.#running.values(), ...this.#leaving]) {
      hosted.cutOff = true;
      hosted.unlock();
      hosted.bus?.close().catch(() => {});
    }
    this.#running.clear();
    this.#leaving.clear();
  }

  /**
   * Ends a module as if it had been a process that died: nothing of it happens any more, and its last will is heard.
   * @returns false where it did not run
   * @throws RangeError on a bus that no connection can vanish from, which is every one with sockets
   */
  crash(moduleId: string): boolean {
    const hosted = this.#running.get(moduleId);
    if (!hosted) return false;
    this.#running.delete(moduleId);
    hosted.clock.kill();
    hosted.killed.abort();
    if (hosted.bus) vanish(hosted.bus);
    return true;
  }

  async #connect(hosted: Hosted, will: LastWill): Promise<Bus> {
    const bus = await this.#environment.connect(will);
    hosted.bus = bus;
    if (!hosted.cutOff && !hosted.killed.signal.aborted) return bus;
    await bus.close();
    throw new ChargemeshError('MODULE_START', 'the mesh ended while this module was started');
  }
}

/** @throws RangeError where the bus has sockets */
export function vanish(bus: Bus): void {
  if (!('drop' in bus) || typeof bus.drop !== 'function') throw new RangeError('only a bus in memory can be dropped');
  bus.drop();
}
