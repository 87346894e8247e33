import { ChargemeshError, type Clock, type Logger, messageOf, type Random, type Timer } from '@chargemesh/base';
import {
  type Bus,
  type BusListener,
  type BusSubscription,
  ClockSync,
  encodeEnvelope,
  Topics,
  type WrapStore,
} from '@chargemesh/framework';
import type { MeshConfiguration } from '../config/mesh-configuration.ts';
import { ConfigService, type ValueStore } from '../distribution/config-service.ts';
import { type Definition, definitions } from '../distribution/definitions.ts';
import { WorkingConfiguration } from '../distribution/working-configuration.ts';
import { ChildHost, type ModuleCommand } from '../hosting/child-host.ts';
import { InProcessHost, vanish } from '../hosting/in-process-host.ts';
import type { ModuleHost } from '../hosting/module-host.ts';
import type { ModuleSource } from '../modules/module-library.ts';
import { BackOff } from './back-off.ts';
import { warnOfDelay } from './broker-delay.ts';
import { type BrokerAddress, type BrokerChoice, BrokerLink } from './broker-link.ts';
import { KeptValues } from './kept-values.ts';
import { ManagerPresence } from './manager-presence.ts';
import type { MeshEvent, StopOptions, StopOutcome } from './mesh-event.ts';
import type { ModuleState } from './module-state.ts';
import { readObject } from './read-value.ts';
import { stopOrder } from './stop-order.ts';

/** All of it has to be over within two seconds of a Ctrl-C. */
const STOP_WITHIN_MS = 1_800;
/** After this long without a ready, whoever waits is told for whom. */
const SLOW_START_MS = 10_000;
/** A module that dies this often before the mesh was ever ready will not come up. */
const START_ATTEMPTS = 3;

/** Everything that a mesh stands on. */
export interface MeshOptions {
  readonly configuration: MeshConfiguration;
  readonly library: ModuleSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly logLevel: string;
  readonly broker: BrokerChoice;
  /** Which modules get a process of their own. */
  readonly isolate: 'none' | 'all' | readonly string[];
  /** Neither started nor waited for. */
  readonly ignore?: readonly string[];
  /** How to start one module in a process of its own; needed where modules are isolated. */
  readonly program?: ModuleCommand;
  readonly stateFolder: string;
  readonly searchPaths: readonly string[];
  readonly runOptions: Readonly<Record<string, string>>;
  readonly moduleFolders: readonly string[];
  readonly interfacesFolder?: string | undefined;
  readonly values: ValueStore;
  /** Stands between the modules of this process and their databases, for tests. */
  readonly wrapStore?: WrapStore | undefined;
  /** Hears how the mesh comes up, in order. */
  readonly onEvent?: (event: MeshEvent) => void;
}

/** Why a mesh ended by itself. */
export type MeshEnd =
  | { readonly kind: 'failed'; readonly error: ChargemeshError }
  /** A module asked for the end, or for a new start from the ground up (a hard reset). */
  | { readonly kind: 'stop' | 'reboot'; readonly by: string; readonly reason: string };

interface Tracked {
  heard: 'waiting' | 'starting' | 'ready' | 'gone';
  ready: boolean;
  pid: number | undefined;
  restarts: number;
}

/** A running mesh: broker, configuration service, modules, and the word that all are ready. */
export class Mesh {
  readonly #options: MeshOptions;
  readonly #topics: Topics;
  readonly #broker: BrokerLink;
  readonly #bus: Bus;
  readonly #presence: ManagerPresence;
  readonly #kept: KeptValues;
  readonly #configuration: WorkingConfiguration;
  readonly #definitions: readonly Definition[];
  readonly #here: InProcessHost;
  readonly #children: ChildHost | undefined;
  readonly #tracked = new Map<string, Tracked>();
  readonly #backOff = new BackOff();
  readonly #timers = new Set<Timer>();
  /** Modules that are started again in a while, and not before: two of one would drive one relay. */
  readonly #restarts = new Map<string, Timer>();
  readonly #listeners = new Set<() => void>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<MeshEnd>();
  #wasReady = false;
  #saidWhoIsAwaited = false;
  #phase: 'running' | 'restarting' | 'stopping' = 'running';
  #stopped: Promise<StopOutcome> | undefined;

  private constructor(options: MeshOptions, topics: Topics, broker: BrokerLink, bus: Bus) {
    const { configuration, library, clock, random, log, stateFolder, searchPaths } = options;
    // One value from a mesh's start to its end: by it a module that was restarted alone knows its own state from an older run's.
    const runOptions = { ...options.runOptions, run: random.uuid() };
    this.#options = options;
    this.#topics = topics;
    this.#broker = broker;
    this.#bus = bus;
    this.#presence = new ManagerPresence(topics, runOptions);
    this.#kept = new KeptValues(bus, topics, log);
    this.#configuration = new WorkingConfiguration(configuration);
    this.#definitions = definitions(configuration, library.contracts);
    const telemetryEnabled = configuration.settings.telemetryEnabled;
    this.#here = new InProcessHost({
      connect: (will) => broker.connect(will),
      topics,
      clock,
      random,
      log,
      source: () => library,
      stateFolder,
      searchPaths,
      runOptions,
      telemetryEnabled,
      wrapStore: options.wrapStore,
    });
    this.#children =
      options.program &&
      new ChildHost({
        program: options.program,
        clock,
        settings: {
          broker: broker.address,
          prefixes: topics.prefixes,
          stateFolder,
          searchPaths,
          runOptions,
          moduleFolders: options.moduleFolders,
          interfacesFolder: options.interfacesFolder,
          telemetryEnabled,
          logLevel: options.logLevel,
        },
        onEvent: ({ moduleId, reason }) => this.#died(moduleId, reason),
      });
    for (const { id } of configuration.modules)
      if (!options.ignore?.includes(id))
        this.#tracked.set(id, { heard: 'waiting', ready: false, pid: undefined, restarts: 0 });
    this.#ready.promise.catch(() => {});
  }

  /**
   * Opens the broker, hands the configuration out and begins to start the modules.
   * @throws ChargemeshError where the broker cannot be had; `MESH_LAYOUT` where modules are to be isolated and no program runs them
   */
  static async start(options: MeshOptions): Promise<Mesh> {
    const { settings } = options.configuration;
    const topics = new Topics({
      mesh: settings.meshPrefix,
      external: settings.externalPrefix,
      telemetry: settings.telemetryPrefix,
    });
    if (options.isolate !== 'none' && !options.program)
      throw new ChargemeshError(
        'MESH_LAYOUT',
        'modules cannot have processes of their own without a program that runs them',
      );
    const broker = await BrokerLink.open(options.broker, options);
    let opened: Bus | undefined;
    try {
      const bus = await broker.connect(ManagerPresence.will(topics));
      opened = bus;
      const mesh = new Mesh(options, topics, broker, bus);
      await mesh.#open();
      // Not while the modules start: a busy machine would be taken for a slow broker.
      if (broker.kind === 'outside' || broker.kind === 'socket')
        mesh.ready
          .then(() => warnOfDelay(bus, topics, options))
          .catch((error) => options.log.debug(`broker delay: ${messageOf(error)}`));
      return mesh;
    } catch (error) {
      await opened?.close();
      await broker.close();
      throw error;
    }
  }

  /** Resolves when all modules are ready and were told so; rejects where one cannot be started. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves where the mesh cannot go on, or a module asked for its end. Whoever holds it then calls {@link stop}. */
  get ended(): Promise<MeshEnd> {
    return this.#end.promise;
  }

  get isReady(): boolean {
    return this.#wasReady;
  }

  get topics(): Topics {
    return this.#topics;
  }

  get broker(): BrokerAddress & { readonly kind: BrokerChoice['kind'] } {
    return { ...this.#broker.address, kind: this.#broker.kind };
  }

  modules(): ModuleState[] {
    return [...this.#configuration.modules.values()].map(({ id, name, mapping, standalone }) => {
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

  /** Calls back when the state of a module changes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Publishes for a program outside of the mesh, below the external prefix. */
  publishExternal(topic: string, payload: string): Promise<void> {
    return this.#bus.publish(this.#topics.prefixes.external + topic, payload, { qos: 0 });
  }

  /** Listens on the bus of the mesh, on a connection of its own: so what the broker keeps is heard each time. */
  async subscribe(filters: readonly string[], listener: BusListener): Promise<BusSubscription> {
    const bus = await this.#broker.connect();
    await bus.subscribe(filters, listener);
    return { close: () => bus.close() };
  }

  /**
   * Kills a module, or this manager with all modules in its process, as SIGKILL would: for runs in virtual time, on a bus in memory.
   * @throws RangeError on any other bus
   */
  crash(moduleId?: string): void {
    if (moduleId !== undefined) {
      if (this.#here.crash(moduleId)) this.#died(moduleId, 'it was killed');
      return;
    }
    this.#phase = 'stopping';
    for (const id of this.#configuration.modules.keys()) this.#here.crash(id);
    for (const timer of this.#timers) timer.cancel();
    vanish(this.#bus);
  }

  /** Stops the modules in order, and the broker; within two seconds, come what may. */
  stop(options: StopOptions = {}): Promise<StopOutcome> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  /** Stops all modules in order and starts them again: what a reset of the station is. */
  async restart(reason: string): Promise<void> {
    if (this.#phase !== 'running') return;
    const { log } = this.#options;
    this.#phase = 'restarting';
    log.info(`all modules are started anew: ${reason}`);
    for (const moduleId of this.#restarts.keys()) this.#cancelRestart(moduleId);
    this.#tell({ kind: 'restarting', reason });
    await this.#stopModules();
    for (const tracked of this.#tracked.values()) {
      tracked.ready = false;
      tracked.heard = 'waiting';
    }
    if (this.#phase !== 'restarting') return;
    this.#phase = 'running';
    await this.#stopStandalone();
    this.#startModules();
  }

  /** Stops one module in order, and starts it again. Does nothing to one that somebody else started. */
  async restartModule(moduleId: string): Promise<void> {
    const tracked = this.#tracked.get(moduleId);
    if (!tracked || this.#configuration.modules.get(moduleId)?.standalone) return;
    this.#cancelRestart(moduleId);
    await this.#hostOf(moduleId).stop(moduleId);
    if (this.#phase !== 'running') return;
    this.#cancelRestart(moduleId);
    Object.assign(tracked, { ready: false, heard: 'gone', pid: undefined, restarts: tracked.restarts + 1 });
    this.#changed();
    this.#hostOf(moduleId)
      .start(moduleId)
      .catch((error) => this.#died(moduleId, messageOf(error)));
  }

  /** Those that somebody else started end at this word, and that somebody starts them again. */
  async #stopStandalone(): Promise<void> {
    if (![...this.#configuration.modules.values()].some(({ standalone }) => standalone)) return;
    await this.#bus
      .publish(this.#topics.shutdown, 'true')
      .catch((error) => this.#options.log.error(`standalone modules were not told to end: ${messageOf(error)}`));
  }

  async #open(): Promise<void> {
    const { clock, log, library, values } = this.#options;
    const bus = this.#bus;
    const topics = this.#topics;
    await new ConfigService({
      bus,
      topics,
      clock,
      log,
      contracts: library.contracts,
      configuration: this.#configuration,
      store: values,
      isRunning: (id) => this.#tracked.get(id)?.ready === true,
    }).start();
    await bus.subscribe([topics.moduleReady('+')], ({ topic, payload }) => {
      if (payload !== '') this.#onReady(moduleIdOf(topic, topics.prefixes.mesh));
    });
    await bus.subscribe([topics.status('+')], ({ topic, payload }) =>
      this.#onStatus(moduleIdOf(topic, topics.own), payload),
    );
    await bus.subscribe([`${topics.own}manager/stop`], ({ payload }) => this.#onStopRequest(payload));
    await new ClockSync(clock, bus, topics).start();
    bus.onConnection((connected) => {
      if (connected) this.#introduce().catch((error) => log.warn(`definitions: ${messageOf(error)}`));
    });
    await this.#introduce();
    this.#after(SLOW_START_MS, () => this.#sayWhoIsMissing());
    this.#startModules();
  }

  /** They stay retained, so that a module can leave and return at any time. */
  async #introduce(): Promise<void> {
    await Promise.all([
      this.#presence.announce(this.#bus),
      ...this.#definitions.map(({ name, data }) =>
        this.#bus.publish(this.#topics.definition(name), encodeEnvelope('ConfigurationResponse', data), {
          retain: true,
        }),
      ),
    ]);
  }

  #startModules(): void {
    this.#saidWhoIsAwaited = false;
    this.#tell({ kind: 'starting' });
    for (const { id, standalone } of this.#configuration.modules.values()) {
      if (standalone || !this.#tracked.has(id)) continue;
      this.#hostOf(id)
        .start(id)
        .catch((error) => this.#failed(id, error));
    }
    this.#sayWhoIsAwaited();
  }

  #hostOf(moduleId: string): ModuleHost {
    const { isolate } = this.#options;
    const apart = isolate === 'all' || (isolate !== 'none' && isolate.includes(moduleId));
    return apart && this.#children ? this.#children : this.#here;
  }

  #onReady(moduleId: string): void {
    const tracked = this.#tracked.get(moduleId);
    if (!tracked || this.#phase !== 'running') return;
    tracked.ready = true;
    if (tracked.heard !== 'ready') {
      tracked.heard = 'ready';
      this.#changed();
    }
    if ([...this.#tracked.values()].some(({ ready }) => !ready)) {
      this.#sayWhoIsAwaited();
      return;
    }
    // A module that returns is answered too: it waits for this word (others pass over it).
    this.#bus
      .publish(this.#topics.ready, encodeEnvelope('GlobalReady', true))
      .then(() => {
        this.#wasReady = true;
        this.#ready.resolve();
        this.#tell({ kind: 'ready' });
      })
      .catch((error) => this.#options.log.error(`the mesh could not be told that it is ready: ${messageOf(error)}`));
  }

  #onStatus(moduleId: string, payload: string): void {
    const tracked = this.#tracked.get(moduleId);
    if (!tracked || payload === '') return;
    const status = readObject(payload);
    if (status.state !== 'starting' && status.state !== 'ready' && status.state !== 'gone') return;
    // Signs of life repeat what is known.
    if (status.heartbeat !== undefined) return;
    tracked.heard = status.state;
    if (status.state !== 'gone') this.#kept.returns(moduleId);
    if (status.state === 'gone') {
      tracked.ready = false;
      // Nobody says when a process of somebody else's dies: its last will has to do.
      if (this.#configuration.modules.get(moduleId)?.standalone) this.#kept.died(moduleId);
    }
    tracked.pid = typeof status.pid === 'number' ? status.pid : undefined;
    this.#changed();
  }

  #onStopRequest(payload: string): void {
    const { how, origin = 'a module', reason = '' } = readObject(payload);
    const by = String(origin);
    if (how === 'restart') void this.restart(`${by} asked for it (${String(reason)})`);
    else if (how === 'reboot' || how === 'stop') this.#end.resolve({ kind: how, by, reason: String(reason) });
  }

  /** A module of this process did not come up. */
  #failed(moduleId: string, thrown: unknown): void {
    if (this.#phase !== 'running') return;
    const error =
      thrown instanceof ChargemeshError
        ? thrown
        : new ChargemeshError('MODULE_START', `module ${moduleId}: ${messageOf(thrown)}`, { cause: thrown });
    this.#options.log.error(error.message, { module: moduleId });
    this.#ready.reject(error);
    this.#end.resolve({ kind: 'failed', error });
  }

  /** A module's process ended without having been asked to. */
  #died(moduleId: string, reason: string): void {
    if (this.#phase !== 'running' || this.#restarts.has(moduleId)) return;
    const { clock, log } = this.#options;
    const delayMs = this.#backOff.next(moduleId, clock.monotonicMs());
    const tracked = this.#tracked.get(moduleId);
    if (tracked) Object.assign(tracked, { ready: false, heard: 'gone', pid: undefined });
    log.error(`module ${moduleId} died: ${reason}`, { module: moduleId });
    this.#kept.died(moduleId);
    this.#tell({ kind: 'died', moduleId, reason });
    this.#changed();
    if (!this.#wasReady && this.#backOff.count(moduleId) >= START_ATTEMPTS) {
      this.#failed(moduleId, new ChargemeshError('MODULE_START', `module ${moduleId} does not come up: ${reason}`));
      return;
    }
    log.warn(`module ${moduleId} is started again in ${delayMs / 1000} s`, { module: moduleId });
    const restart = this.#after(delayMs, () => {
      this.#restarts.delete(moduleId);
      if (this.#phase !== 'running') return;
      if (tracked) tracked.restarts += 1;
      this.#hostOf(moduleId)
        .start(moduleId)
        .catch((error) => this.#died(moduleId, messageOf(error)));
    });
    this.#restarts.set(moduleId, restart);
  }

  #missing(): string[] {
    return [...this.#tracked].filter(([, { ready }]) => !ready).map(([id]) => id);
  }

  /** By names, not by numbers: one of theirs may be ready before one of ours. */
  #sayWhoIsAwaited(): void {
    const missing = this.#missing();
    const ofOthers = (id: string): boolean => this.#configuration.modules.get(id)?.standalone === true;
    if (this.#saidWhoIsAwaited || missing.length === 0 || !missing.every(ofOthers)) return;
    this.#saidWhoIsAwaited = true;
    this.#tell({ kind: 'waitingForStandalone', missing });
  }

  #sayWhoIsMissing(): void {
    const missing = this.#missing();
    if (missing.length > 0) this.#options.log.warn(`still waiting for ${missing.join(', ')}`);
  }

  async #stop({ tellStandalone = false, keepDefinitions = false }: StopOptions): Promise<StopOutcome> {
    const { log } = this.#options;
    this.#phase = 'stopping';
    for (const timer of this.#timers) timer.cancel();
    const outcome = await this.#stopModules();
    if (tellStandalone && this.#bus.connected) await this.#stopStandalone();
    if (this.#broker.kind !== 'embedded' && this.#bus.connected) {
      const retained = [
        ...(keepDefinitions ? [] : this.#definitions.map(({ name }) => this.#topics.definition(name))),
        ...this.modules().flatMap(({ id, startedBy }) => (startedBy === 'mesh' ? [this.#topics.status(id)] : [])),
      ];
      const cleared = retained.map((topic) => this.#bus.publish(topic, '', { retain: true, qos: 0 }));
      await Promise.all([...cleared, this.#presence.leave(this.#bus)]).catch((error) =>
        log.debug(`retained messages were left behind: ${messageOf(error)}`),
      );
    }
    await this.#bus.close();
    await this.#broker.close();
    return outcome;
  }

  async #stopModules(): Promise<StopOutcome> {
    const { clock, log } = this.#options;
    const limit = Promise.withResolvers<'late'>();
    const timer = clock.setTimer(STOP_WITHIN_MS, () => limit.resolve('late'));
    const unfinished = new Set<string>();
    const stop = async (id: string): Promise<void> => {
      unfinished.add(id);
      await Promise.all([this.#here.stop(id), this.#children?.stop(id)]);
      unfinished.delete(id);
    };
    const work = (async (): Promise<void> => {
      for (const group of stopOrder([...this.#configuration.modules.values()])) await Promise.all(group.map(stop));
    })();
    const outcome = await Promise.race([
      work.catch((error) => log.error(`stopping: ${messageOf(error)}`)),
      limit.promise,
    ]);
    timer.cancel();
    if (outcome === 'late') log.warn(`${[...unfinished].join(', ')} did not stop in time; all were ended`);
    this.#here.kill();
    this.#children?.kill();
    return outcome === 'late' ? 'forced' : 'clean';
  }

  #cancelRestart(moduleId: string): void {
    const timer = this.#restarts.get(moduleId);
    if (!timer) return;
    timer.cancel();
    this.#timers.delete(timer);
    this.#restarts.delete(moduleId);
  }

  #after(delayMs: number, work: () => void): Timer {
    const timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      work();
    });
    this.#timers.add(timer);
    return timer;
  }

  #tell(event: MeshEvent): void {
    this.#options.onEvent?.(event);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The module in `<prefix>modules/<id>/…`. */
function moduleIdOf(topic: string, prefix: string): string {
  return topic.slice(prefix.length).split('/')[1] ?? '';
}
