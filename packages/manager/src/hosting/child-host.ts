import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '@chargemesh/base';
import { type ChildSettings, childEnvironment } from './child-environment.ts';
import type { HostEvent, ModuleHost } from './module-host.ts';

/** A child that does not go within this time is killed. */
const STOP_WITHIN_MS = 1_500;

/** The program that runs one module: `<command> <args…> <module id>`. */
export interface ModuleCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** What the host of children stands on. */
export interface ChildHostOptions {
  readonly program: ModuleCommand;
  readonly settings: ChildSettings;
  readonly clock: Clock;
  readonly onEvent: (event: HostEvent) => void;
}

/**
 * Runs each module in a process of its own. A channel to the child tells it when this process is gone, however that came about: then it
 * goes to its safe state and ends.
 */
export class ChildHost implements ModuleHost {
  readonly #options: ChildHostOptions;
  readonly #children = new Map<string, ChildProcess>();
  readonly #stopping = new Set<string>();

  constructor(options: ChildHostOptions) {
    this.#options = options;
  }

  /** The process ids by module. */
  pids(): ReadonlyMap<string, number> {
    const pids = new Map<string, number>();
    for (const [id, { pid }] of this.#children) if (pid !== undefined) pids.set(id, pid);
    return pids;
  }

  async start(moduleId: string): Promise<void> {
    const { program, settings, onEvent } = this.#options;
    this.#stopping.delete(moduleId);
    const child = spawn(program.command, [...program.args, moduleId], {
      env: { ...process.env, ...childEnvironment(moduleId, settings) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.set(moduleId, child);
    let failure: string | undefined;
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'failure' in message) failure = String(message.failure);
    });
    child.once('exit', (code, signal) => {
      if (this.#children.get(moduleId) === child) this.#children.delete(moduleId);
      if (this.#stopping.has(moduleId)) return;
      const reason = failure ?? (signal ? `it was ended by ${signal}` : `it ended itself with exit code ${code}`);
      onEvent({ kind: 'died', moduleId, reason, ...(child.pid !== undefined && { pid: child.pid }) });
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      this.#children.delete(moduleId);
      throw error;
    }
  }

  async stop(moduleId: string): Promise<void> {
    const child = this.#children.get(moduleId);
    this.#stopping.add(moduleId);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = this.#options.clock.setTimer(STOP_WITHIN_MS, () => child.kill('SIGKILL'));
    await gone;
    timer.cancel();
  }

  kill(): void {
    for (const [id, child] of this.#children) {
      this.#stopping.add(id);
      child.kill('SIGKILL');
    }
  }
}
