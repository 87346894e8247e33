import type { ModuleRuntime } from '@chargemesh/framework';
import type { ModuleHost } from './module-host.ts';
import { type ProcessEnvironment, runModule } from './run-module.ts';

/** Runs modules in this process: small and quick, and one failure domain. */
export class InProcessHost implements ModuleHost {
  readonly #environment: ProcessEnvironment;
  readonly #running = new Map<string, ModuleRuntime>();

  constructor(environment: ProcessEnvironment) {
    this.#environment = environment;
  }

  async start(moduleId: string): Promise<void> {
    this.#running.set(moduleId, await runModule(moduleId, this.#environment));
  }

  async stop(moduleId: string): Promise<void> {
    const runtime = this.#running.get(moduleId);
    this.#running.delete(moduleId);
    await runtime?.stop();
  }

  kill(): void {
    this.#running.clear();
  }
}
