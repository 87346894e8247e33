import { type Logger, SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { type ConfigValue, type Contracts, loadContracts } from '@chargemesh/contracts';
import {
  type Bus,
  decodeVariable,
  encodeEnvelope,
  lastWillOf,
  type Mapping,
  MemoryBroker,
  type ModuleDefinition,
  type ModuleInfo,
  type ModuleMapping,
  ModuleRuntime,
  matchesFilter,
  Topics,
} from '@chargemesh/framework';
import { Probe } from './probe.ts';

/** How a module under test stands in its mesh. */
export interface TestModule {
  readonly id: string;
  /** Beside the manifest's defaults. */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly implementations?: Readonly<Record<string, Readonly<Record<string, ConfigValue>>>>;
  /** Requirement to [module id, implementation id] pairs. */
  readonly connections?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly mapping?: Mapping;
  readonly runOptions?: Readonly<Record<string, string>>;
}

/** A message as the mesh's recorder saw it. */
export interface RecordedMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
  readonly atMs: number;
}

/**
 * A small mesh in memory and virtual time: the modules under test, and probes for everybody else. No broker, no sockets, no waiting.
 */
export class TestMesh {
  readonly clock: VirtualClock = new VirtualClock();
  readonly random: SeededRandom;
  readonly topics: Topics = new Topics();
  readonly contracts: Contracts;
  readonly messages: RecordedMessage[] = [];
  readonly #broker = new MemoryBroker();
  readonly #log: Logger;
  readonly #modules: { definition: ModuleDefinition; module: TestModule }[] = [];
  readonly #probes: Probe[] = [];
  /** Where played modules stand. */
  readonly #places = new Map<string, Mapping>();
  readonly #runtimes = new Map<string, ModuleRuntime>();
  readonly #buses = new Map<string, Bus & { drop(): void }>();
  readonly #stateDir: string;
  readonly #outside: Bus;
  readonly #tester: Probe;

  constructor(options: { seed?: number; log?: Logger; contracts?: Contracts; stateDir?: string } = {}) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.#log = options.log ?? silentLogger;
    this.contracts = options.contracts ?? loadContracts();
    this.#stateDir = options.stateDir ?? ':memory:';
    this.#outside = this.#broker.connect();
    this.#tester = this.probe('tester', {});
  }

  /** Messages from and to programs outside the mesh. */
  get external(): {
    publish(topic: string, payload: string): void;
    messages(filter: string): readonly RecordedMessage[];
  } {
    return {
      publish: (topic, payload) => void this.#outside.publish(topic, payload, { qos: 0 }),
      messages: (filter) => this.messages.filter(({ topic }) => matchesFilter(filter, topic)),
    };
  }

  /** Adds a module under test. */
  add(definition: ModuleDefinition, module: TestModule): void {
    this.#modules.push({ definition, module });
  }

  /** Adds a played module: implementation id to interface name. */
  probe(id: string, implementations: Readonly<Record<string, string>>, mapping?: Mapping): Probe {
    const { topics, clock, random, contracts } = this;
    const probe = new Probe(id, implementations, { bus: this.#broker.connect(), topics, clock, random, contracts });
    this.#probes.push(probe);
    if (mapping) this.#places.set(id, mapping);
    return probe;
  }

  /** Sets all modules up, says that the mesh is ready, and lets everything settle. */
  async start(): Promise<void> {
    await this.#outside.subscribe(['#'], ({ topic, payload, retained }) =>
      this.messages.push({ topic, payload, retained, atMs: this.clock.monotonicMs() }),
    );
    for (const probe of this.#probes) await probe.start();
    for (const { module } of this.#modules) await this.startModule(module.id);
    await this.sayReady();
  }

  /** Starts (or, after {@link kill}, restarts) one of the added modules without saying that the mesh is ready. */
  async startModule(id: string): Promise<ModuleRuntime> {
    const added = this.#modules.find(({ module }) => module.id === id);
    if (!added) throw new RangeError(`no module ${id} was added`);
    const bus = this.#broker.connect({ will: lastWillOf(this.topics, id) });
    this.#buses.set(id, bus);
    const runtime = await ModuleRuntime.start(added.definition, this.#info(added.definition, added.module), {
      bus,
      topics: this.topics,
      clock: this.clock,
      random: this.random,
      log: this.#log,
      contracts: this.contracts,
      stateDir: this.#stateDir,
      searchPaths: [],
      runOptions: added.module.runOptions ?? {},
      telemetryEnabled: false,
    });
    this.#runtimes.set(id, runtime);
    return runtime;
  }

  /** The manager's word that all modules are ready. */
  async sayReady(): Promise<void> {
    await this.#outside.publish(this.topics.ready, encodeEnvelope('GlobalReady', true));
    await this.clock.settle();
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** All values of a variable published so far. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into values that its own expectation types
  values(moduleId: string, implementation: string, variable: string): any[] {
    const wanted = this.topics.variable(moduleId, implementation, variable);
    return this.messages.filter(({ topic }) => topic === wanted).map(({ payload }) => decodeVariable(payload));
  }

  /** Calls a command as a module `tester`, letting the mesh settle. @throws CommandError */
  async call(moduleId: string, implementation: string, command: string, args: object = {}): Promise<unknown> {
    const outcome = this.#tester.call(moduleId, implementation, command, args);
    outcome.catch(() => {});
    await this.clock.settle();
    return outcome;
  }

  /** Ends a module's connection without good-bye, as a killed process would. */
  async kill(id: string): Promise<void> {
    this.#buses.get(id)?.drop();
    this.#runtimes.delete(id);
    await this.clock.settle();
  }

  /** Asks one module to stop, and waits as long as it needs without time passing. */
  async stopModule(id: string): Promise<void> {
    void this.#runtimes.get(id)?.stop();
    this.#runtimes.delete(id);
    await this.clock.settle();
  }

  async stop(): Promise<void> {
    const stopped = [...this.#runtimes.values()].map((runtime) => runtime.stop());
    await this.clock.advance(2_000);
    await Promise.all(stopped);
  }

  #info(definition: ModuleDefinition, module: TestModule): ModuleInfo {
    const manifest = this.contracts.manifest(definition.name);
    const mapping: ModuleMapping | undefined = module.mapping && { module: module.mapping, implementations: {} };
    const places: readonly (readonly [string, Mapping | undefined])[] = [
      ...this.#places,
      ...this.#modules.map(({ module: other }) => [other.id, other.mapping] as const),
    ];
    const peers = Object.fromEntries(
      places.map(([id, place]) => [id, place && { module: place, implementations: {} }]),
    );
    return {
      id: module.id,
      name: definition.name,
      config: { ...defaultsOf(manifest.config), ...module.config },
      implementations: Object.fromEntries(
        Object.entries(manifest.provides).map(([id, { config }]) => [
          id,
          { ...defaultsOf(config), ...module.implementations?.[id] },
        ]),
      ),
      connections: Object.fromEntries(
        Object.entries(module.connections ?? {}).map(([requirement, list]) => [
          requirement,
          list.map(([moduleId, implementationId]) => ({ moduleId, implementationId })),
        ]),
      ),
      mapping,
      peers,
      telemetryId: undefined,
    };
  }
}

function defaultsOf(config: Readonly<Record<string, { default?: ConfigValue }>>): Record<string, ConfigValue> {
  const values: Record<string, ConfigValue> = {};
  for (const [key, entry] of Object.entries(config)) if (entry.default !== undefined) values[key] = entry.default;
  return values;
}
