import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { loadContracts } from '@chargemesh/contracts';
import { defineModule, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { Mesh, type MeshOptions, type ModuleState } from '../../src/index.ts';
import { checkText } from '../config/check-text.ts';

/** What a played module hands to its test. */
export interface PlayedModule {
  readonly id: string;
  requestStop(how: 'restart' | 'reboot' | 'stop', reason: string): void;
}

/** What a module does in a test beside implementing everything. */
export type Play = (module: PlayedModule) => ModuleHooks | undefined | Promise<ModuleHooks | undefined>;

/** Modules that answer every command with nothing and note when they begin and end. */
export class PlayedMesh {
  /** `<id> set up`, `<id> ready`, `<id> shutdown`, in order. */
  readonly events: string[] = [];
  readonly #folders: string[] = [];
  readonly #meshes: Mesh[] = [];
  readonly #plays = new Map<string, Play>();

  /** Says what the module with this id does. */
  play(id: string, play: Play): void {
    this.#plays.set(id, play);
  }

  /** Starts a mesh of this configuration. Requirements may stay unconnected. */
  async start(text: string, options: Partial<MeshOptions> = {}): Promise<Mesh> {
    const { configuration } = checkText(text);
    if (!configuration) throw new RangeError('the configuration of this test is broken');
    const stateFolder = mkdtempSync(join(tmpdir(), 'chargemesh-mesh-'));
    this.#folders.push(stateFolder);
    const mesh = await Mesh.start({
      configuration,
      library: { contracts: loadContracts(), load: async (name) => this.#definition(name) },
      clock: new RealClock(),
      random: systemRandom,
      log: silentLogger,
      logLevel: 'silent',
      broker: { kind: 'embedded' },
      isolate: 'none',
      stateFolder,
      searchPaths: [],
      runOptions: {},
      moduleFolders: [],
      values: { save: () => {} },
      ...options,
    });
    this.#meshes.push(mesh);
    return mesh;
  }

  async close(): Promise<void> {
    for (const mesh of this.#meshes) await mesh.stop();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  #definition(name: string): ModuleDefinition {
    const contract = loadContracts().manifest(name);
    return defineModule(
      name,
      async (module: PlayedModule & { provide(id: string): { implement(h: object): void } }) => {
        for (const id of Object.keys(contract.provides))
          module.provide(id).implement(new Proxy({}, { has: () => true, get: () => () => null }));
        const hooks = (await this.#plays.get(module.id)?.(module)) ?? {};
        this.events.push(`${module.id} set up`);
        return {
          ready: async () => {
            this.events.push(`${module.id} ready`);
            await hooks.ready?.();
          },
          shutdown: async () => {
            await hooks.shutdown?.();
            this.events.push(`${module.id} shutdown`);
          },
        };
      },
    );
  }
}

/** Waits until the modules of a mesh are as they should be. */
export async function untilModules(mesh: Mesh, fits: (modules: readonly ModuleState[]) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (fits(mesh.modules())) resolve();
  };
  mesh.onChange(look);
  look();
  await promise;
}

/** Keeps what is logged, a line each. */
export class LineLogger implements Logger {
  readonly lines: string[] = [];
  debug(): void {}
  info(message: string): void {
    this.lines.push(`info ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
  child(): Logger {
    return this;
  }
}
