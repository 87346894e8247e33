import { ChargemeshError, messageOf, type Timer, within } from '@chargemesh/base';
import {
  type Bus,
  type BusListener,
  type BusSubscription,
  ClockSync,
  encodeEnvelope,
  Topics,
} from '@chargemesh/framework';
import { ConfigService } from '../distribution/config-service.ts';
import { type Definition, definitions } from '../distribution/definitions.ts';
import { WorkingConfiguration } from '../distribution/working-configuration.ts';
import { vanish } from '../hosting/in-process-host.ts';
import type { StopOutcome } from '../hosting/module-host.ts';
import { ModuleHosts } from '../hosting/module-hosts.ts';
import { warnOfDelay } from './broker-delay.ts';
import { type BrokerAddress, type BrokerChoice, BrokerLink } from './broker-link.ts';
import { KeptValues } from './kept-values.ts';
import { ManagerPresence } from './manager-presence.ts';
import type { MeshEvent, StopOptions } from './mesh-event.ts';
import type { MeshEnd, MeshOptions } from './mesh-options.ts';
import type { ModuleState } from './module-state.ts';
import { readObject } from './read-value.ts';
import { Restarts } from './restarts.ts';
import { Roster } from './roster.ts';
import { stopOrder } from './stop-order.ts';

/** After this long without a ready, whoever waits is told for whom. */
const SLOW_START_MS = 10_000;
const LEAVE_WITHIN_MS = 200;
/** Quicker than modules are: what they say when a broker is back is to be seen, and what they read is to be there. */
const REDIAL_MS = 50;
/** A module that dies this often before the mesh was ever ready will not come up. */
const START_ATTEMPTS = 3;

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
  readonly #hosts: ModuleHosts;
  readonly #roster: Roster;
  readonly #restarts: Restarts;
  readonly #ready = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<MeshEnd>();
  #slowStart: Timer | undefined;
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
    this.#hosts = new ModuleHosts({
      isolate: options.isolate,
      clock,
      log,
      here: {
        connect: (will) => broker.connect({ will }),
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
      },
      children: options.program && {
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
      },
      onEvent: ({ moduleId, reason }) => this.#died(moduleId, reason),
    });
    this.#restarts = new Restarts(clock);
    const awaited = configuration.modules.map(({ id }) => id).filter((id) => !options.ignore?.includes(id));
    this.#roster = new Roster(() => this.#configuration.modules.values(), awaited);
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
      const bus = await broker.connect({ will: ManagerPresence.will(topics), redialMs: REDIAL_MS });
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
    return this.#roster.states();
  }

  /** Calls back when the state of a module changes. */
  onChange(listener: () => void): void {
    this.#roster.onChange(listener);
  }

  /** Publishes for a program outside of the mesh, below the external prefix. */
  publishExternal(topic: string, payload: string): Promise<void> {
    return this.#bus.publish(this.#topics.prefixes.external + topic, payload, { qos: 0 });
  }

  /** Listens on the bus of the mesh, on a connection of its own: so what the broker keeps is heard each time. */
  async subscribe(filters: readonly string[], listener: BusListener): Promise<BusSubscription> {
    const bus = await this.#broker.connect({ redialMs: REDIAL_MS });
    await bus.subscribe(filters, listener);
    return { close: () => bus.close() };
  }

  /**
   * Kills a module, or this manager with all modules in its process, as SIGKILL would: for runs in virtual time, on a bus in memory.
   * @throws RangeError on any other bus
   */
  crash(moduleId?: string): void {
    if (moduleId !== undefined) {
      if (this.#hosts.crash(moduleId)) this.#died(moduleId, 'it was killed');
      return;
    }
    this.#phase = 'stopping';
    for (const id of this.#configuration.modules.keys()) this.#hosts.crash(id);
    this.#cancelTimers();
    vanish(this.#bus);
  }

  /** Stops the modules in order, and the broker; within two seconds; a second more where the broker takes nothing any more. */
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
    this.#restarts.cancelAll();
    this.#tell({ kind: 'restarting', reason });
    await this.#stopModules();
    this.#roster.forget();
    if (this.#phase !== 'restarting') return;
    this.#phase = 'running';
    await this.#stopStandalone();
    this.#startModules();
  }

  /** Stops one module in order, and starts it again. Does nothing to one that somebody else started. */
  async restartModule(moduleId: string): Promise<void> {
    if (!this.#roster.awaits(moduleId) || this.#configuration.modules.get(moduleId)?.standalone) return;
    this.#restarts.cancel(moduleId);
    await this.#hosts.stop(moduleId);
    if (this.#phase !== 'running') return;
    this.#restarts.cancel(moduleId);
    this.#roster.isGone(moduleId);
    this.#startAgain(moduleId);
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
      isRunning: (id) => this.#roster.isReady(id),
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
    const standalone = [...this.#configuration.modules.values()].filter((module) => module.standalone);
    await this.#kept.forgetFormerRun(new Set(standalone.map(({ id }) => id)));
    await this.#introduce();
    this.#slowStart = clock.setTimer(SLOW_START_MS, () => this.#sayWhoIsMissing());
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
      if (standalone || !this.#roster.awaits(id)) continue;
      this.#hosts.start(id).catch((error) => this.#failed(id, error));
    }
    this.#sayWhoIsAwaited();
  }

  #startAgain(moduleId: string): void {
    this.#roster.startsAgain(moduleId);
    this.#hosts.start(moduleId).catch((error) => this.#died(moduleId, messageOf(error)));
  }

  #onReady(moduleId: string): void {
    if (!this.#roster.awaits(moduleId) || this.#phase !== 'running') return;
    this.#roster.isNowReady(moduleId);
    if (this.#roster.missing().length > 0) {
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
    if (!this.#roster.awaits(moduleId) || payload === '') return;
    const status = readObject(payload);
    if (status.state !== 'starting' && status.state !== 'ready' && status.state !== 'gone') return;
    // Signs of life repeat what is known.
    if (status.heartbeat !== undefined) return;
    if (status.state !== 'gone') this.#kept.returns(moduleId);
    // Nobody says when a process of somebody else's dies: its last will has to do.
    else if (this.#configuration.modules.get(moduleId)?.standalone) this.#kept.died(moduleId);
    this.#roster.said(moduleId, status.state, typeof status.pid === 'number' ? status.pid : undefined);
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
    if (this.#phase !== 'running' || this.#restarts.isDue(moduleId)) return;
    const { log } = this.#options;
    const { delayMs, deaths } = this.#restarts.died(moduleId);
    log.error(`module ${moduleId} died: ${reason}`, { module: moduleId });
    this.#roster.isGone(moduleId);
    this.#kept.died(moduleId);
    this.#tell({ kind: 'died', moduleId, reason });
    if (!this.#wasReady && deaths >= START_ATTEMPTS) {
      this.#failed(moduleId, new ChargemeshError('MODULE_START', `module ${moduleId} does not come up: ${reason}`));
      return;
    }
    log.warn(`module ${moduleId} is started again in ${delayMs / 1000} s`, { module: moduleId });
    this.#restarts.after(moduleId, delayMs, () => {
      if (this.#phase === 'running') this.#startAgain(moduleId);
    });
  }

  /** By names, not by numbers: one of theirs may be ready before one of ours. */
  #sayWhoIsAwaited(): void {
    const missing = this.#roster.missing();
    const ofOthers = (id: string): boolean => this.#configuration.modules.get(id)?.standalone === true;
    if (this.#saidWhoIsAwaited || missing.length === 0 || !missing.every(ofOthers)) return;
    this.#saidWhoIsAwaited = true;
    this.#tell({ kind: 'waitingForStandalone', missing });
  }

  #sayWhoIsMissing(): void {
    const missing = this.#roster.missing();
    if (missing.length > 0) this.#options.log.warn(`still waiting for ${missing.join(', ')}`);
  }

  async #stop({ tellStandalone = false, keepDefinitions = false }: StopOptions): Promise<StopOutcome> {
    const { clock, log } = this.#options;
    this.#phase = 'stopping';
    this.#cancelTimers();
    const outcome = await this.#stopModules();
    if (tellStandalone && this.#bus.connected) await this.#stopStandalone();
    if (this.#broker.kind !== 'embedded' && this.#bus.connected) {
      const retained = [
        ...(keepDefinitions ? [] : this.#definitions.map(({ name }) => this.#topics.definition(name))),
        ...this.modules().flatMap(({ id, startedBy }) => (startedBy === 'mesh' ? [this.#topics.status(id)] : [])),
      ];
      const cleared = retained.map((topic) => this.#bus.publish(topic, '', { retain: true, qos: 0 }));
      const left = Promise.all([...cleared, this.#presence.leave(this.#bus)]).catch((error) =>
        log.debug(`retained messages were left behind: ${messageOf(error)}`),
      );
      // A broker that takes nothing any more keeps nobody from going.
      await within(clock, LEAVE_WITHIN_MS, left);
    }
    await this.#bus.close();
    await this.#broker.close();
    return outcome;
  }

  #stopModules(): Promise<StopOutcome> {
    return this.#hosts.stopAll(stopOrder([...this.#configuration.modules.values()]));
  }

  #cancelTimers(): void {
    this.#slowStart?.cancel();
    this.#restarts.cancelAll();
  }

  #tell(event: MeshEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** The module in `<prefix>modules/<id>/…`. */
function moduleIdOf(topic: string, prefix: string): string {
  return topic.slice(prefix.length).split('/')[1] ?? '';
}
