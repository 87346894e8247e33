import type { ConfiguredModule } from '../config/mesh-configuration.ts';
import type { ModuleState } from './module-state.ts';

/** What a roster shows of a module as it is configured. */
export type ListedModule = Pick<ConfiguredModule, 'id' | 'name' | 'mapping' | 'standalone'>;

/** What was heard of a module that is waited for. */
interface Tracked {
  heard: ModuleState['state'];
  /** It said so itself, on its own topic, in its present run. */
  ready: boolean;
  pid: number | undefined;
  restarts: number;
}

/** How each module of a mesh is doing, by what was heard of it. */
export class Roster {
  readonly #modules: () => Iterable<ListedModule>;
  readonly #tracked: ReadonlyMap<string, Tracked>;
  readonly #listeners = new Set<() => void>();

  /**
   * @param modules those of the mesh as it is configured now
   * @param awaited the ids of those without which it is not ready
   */
  constructor(modules: () => Iterable<ListedModule>, awaited: Iterable<string>) {
    this.#modules = modules;
    this.#tracked = new Map(
      [...awaited].map((id) => [id, { heard: 'waiting', ready: false, pid: undefined, restarts: 0 }]),
    );
  }

  /** Calls back when the state of a module changes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  states(): ModuleState[] {
    return [...this.#modules()].map(({ id, name, mapping, standalone }) => {
      const tracked = this.#tracked.get(id);
      return {
        id,
        name,
        evse: mapping?.module?.evse,
        state: tracked?.heard ?? 'waiting',
        pid: tracked?.pid,
        restarts: tracked?.restarts ?? 0,
        startedBy: standalone || !tracked ? 'somebody else' : 'mesh',
      };
    });
  }

  /** Whether the mesh waits for it. */
  awaits(moduleId: string): boolean {
    return this.#tracked.has(moduleId);
  }

  isReady(moduleId: string): boolean {
    return this.#tracked.get(moduleId)?.ready === true;
  }

  /** Those without whom the mesh is not ready yet. */
  missing(): string[] {
    return [...this.#tracked].filter(([, { ready }]) => !ready).map(([id]) => id);
  }

  /** It has said that it is ready. */
  isNowReady(moduleId: string): void {
    const tracked = this.#tracked.get(moduleId);
    if (!tracked) return;
    tracked.ready = true;
    if (tracked.heard === 'ready') return;
    tracked.heard = 'ready';
    this.#changed();
  }

  /** Its status topic has said so. */
  said(moduleId: string, heard: Exclude<ModuleState['state'], 'waiting'>, pid: number | undefined): void {
    this.#set(moduleId, { heard, pid, ...(heard === 'gone' && { ready: false }) });
  }

  /** It ended, whatever its status topic says. */
  isGone(moduleId: string): void {
    this.#set(moduleId, { heard: 'gone', pid: undefined, ready: false });
  }

  /** It is started once more, alone. */
  startsAgain(moduleId: string): void {
    const tracked = this.#tracked.get(moduleId);
    if (tracked) tracked.restarts += 1;
  }

  /** All are started anew: nothing that was heard holds any more. */
  forget(): void {
    for (const tracked of this.#tracked.values()) Object.assign(tracked, { ready: false, heard: 'waiting' });
  }

  #set(moduleId: string, change: Partial<Tracked>): void {
    const tracked = this.#tracked.get(moduleId);
    if (!tracked) return;
    Object.assign(tracked, change);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
