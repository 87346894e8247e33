import { ChargemeshError, formatTimestamp, messageOf, within } from '@chargemesh/base';
import type { Manifest } from '@chargemesh/contracts';
import type { BusMessage, BusSubscription, LastWill } from '../bus/bus.ts';
import { matchesFilter } from '../bus/topic-filter.ts';
import { CommandError } from '../module/command-error.ts';
import type { MeshError } from '../module/mesh-error.ts';
import type { ModuleDefinition, ModuleHooks } from '../module/module.ts';
import { decodeCommand, decodeError, encodeEnvelope, openEnvelope } from '../wire/envelope.ts';
import type { Topics } from '../wire/topics.ts';
import { Acquaintances } from './acquaintances.ts';
import { CommandClient } from './command-client.ts';
import { DropLog } from './drop-log.ts';
import { ErrorBook } from './error-book.ts';
import { ExternalMqttPort } from './external-mqtt-port.ts';
import { HeartbeatPort } from './heartbeat-port.ts';
import { KeptTopics } from './kept-topics.ts';
import { moduleContext } from './module-context.ts';
import type { ModuleEnvironment } from './module-environment.ts';
import { ModuleFiles } from './module-files.ts';
import type { ModuleInfo } from './module-info.ts';
import { Outbox } from './outbox.ts';
import { Peer, type PresenceState } from './peer.ts';
import { ProvidedImplementation } from './provided-implementation.ts';
import { RequiredConnection } from './required-connection.ts';
import type { RuntimeCore } from './runtime-core.ts';
import { SerialQueues } from './serial-queues.ts';

const SHUTDOWN_WITHIN_MS = 2_000;

/** The last will with which the bus of a module has to be opened. */
export function lastWillOf(topics: Topics, moduleId: string): LastWill {
  return { topic: topics.status(moduleId), payload: JSON.stringify({ state: 'gone' }), retain: true };
}

/** One module at work on a bus: from set-up over ready to shutdown. */
export class ModuleRuntime {
  readonly #definition: ModuleDefinition;
  readonly #core: RuntimeCore;
  readonly #manifest: Manifest;
  readonly #provided = new Map<string, ProvidedImplementation>();
  readonly #required = new Map<string, RequiredConnection[]>();
  readonly #peers = new Map<string, Peer>();
  readonly #lanes = new SerialQueues();
  readonly #external: ExternalMqttPort;
  readonly #heartbeat: HeartbeatPort;
  readonly #files: ModuleFiles;
  readonly #context: unknown;
  readonly #globalErrors = new ErrorBook();
  /** Implementations whose errors came live since the connection stands. */
  readonly #liveErrors = new Set<string>();
  readonly #whenReady = Promise.withResolvers<void>();
  readonly #onStopped: (failure?: unknown) => void;
  #hooks: ModuleHooks = {};
  #state: 'set up' | 'ready' | 'stopping' | 'stopped' = 'set up';
  #stopping: Promise<void> | undefined;
  #failure: unknown;
  #presence: PresenceState = 'starting';
  #leftovers: BusSubscription | undefined;

  private constructor(definition: ModuleDefinition, info: ModuleInfo, environment: ModuleEnvironment) {
    const { bus, topics, clock, random, contracts } = environment;
    const log = environment.log.child({ module: info.id });
    const outbox = new Outbox(bus, (topic, error) => log.warn(`${topic} was lost: ${messageOf(error)}`));
    this.#definition = definition;
    this.#onStopped = environment.onStopped ?? (() => {});
    this.#manifest = contracts.manifest(info.name);
    this.#core = {
      info,
      bus,
      topics,
      clock,
      random,
      log,
      contracts,
      outbox,
      kept: new KeptTopics(outbox),
      drops: new DropLog(log),
      journals: [],
      client: new CommandClient(info.id, { bus, topics, clock, random }),
    };
    this.#external = new ExternalMqttPort(topics.prefixes.external, outbox);
    this.#heartbeat = new HeartbeatPort(this.#core);
    for (const [id, provision] of Object.entries(this.#manifest.provides))
      this.#provided.set(id, new ProvidedImplementation(this.#core, id, contracts.interface(provision.interface)));
    for (const [id, requirement] of Object.entries(this.#manifest.requires)) {
      const contract = contracts.interface(requirement.interface);
      const connections = (info.connections[id] ?? []).map(
        (connection, index) =>
          new RequiredConnection(this.#core, {
            connection,
            index,
            contract,
            peer: this.#peer(connection.moduleId),
            wantsErrors: !requirement.ignore.errors,
          }),
      );
      this.#required.set(id, connections);
    }
    this.#files = new ModuleFiles(environment.stateDir, info, this.#manifest, log, environment.wrapStore);
    this.#context = moduleContext({
      core: this.#core,
      environment,
      manifest: this.#manifest,
      files: this.#files,
      provided: this.#provided,
      required: this.#required,
      external: this.#external,
      heartbeat: this.#heartbeat,
      acquaintances: new Acquaintances(this.#core, this.#peers),
      globalErrors: this.#globalErrors,
    });
    environment.killed?.addEventListener('abort', () => this.#vanish(), { once: true });
  }

  /**
   * Sets a module up, takes its place on the bus and says that it is ready. Resolves before the mesh is ready.
   * @throws whatever the module's set-up throws, with the module's id in the message
   */
  static async start(
    definition: ModuleDefinition,
    info: ModuleInfo,
    environment: ModuleEnvironment,
  ): Promise<ModuleRuntime> {
    const runtime = new ModuleRuntime(definition, info, environment);
    await runtime.#start();
    return runtime;
  }

  get id(): string {
    return this.#core.info.id;
  }

  /** Resolves when the mesh is ready; the module's own `ready` has then begun. */
  get ready(): Promise<void> {
    return this.#whenReady.promise;
  }

  /** Stops the module: its own shutdown, then its kept topics, then the connection. May be called more than once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { bus, topics, info } = this.#core;
    await this.#announce('starting');
    try {
      this.#hooks = (await this.#definition.setup(this.#context)) ?? {};
    } catch (error) {
      throw new ChargemeshError('MODULE_SETUP', `module ${info.id} (${info.name}): ${messageOf(error)}`, {
        cause: error,
      });
    }
    for (const provided of this.#provided.values())
      if (!provided.complete)
        throw new ChargemeshError('COMMAND_NOT_IMPLEMENTED', `module ${info.id} does not implement ${provided.id}`);
    bus.onConnection((connected) => this.#onConnection(connected));
    await this.#subscribe();
    await bus.publish(topics.metadata(info.id), encodeEnvelope('ConfigurationResponse', this.#metadata()));
    await this.#announce('ready');
    await bus.publish(topics.moduleReady(info.id), encodeEnvelope('ModuleReady', true));
  }

  async #subscribe(): Promise<void> {
    const { bus, topics, info, kept } = this.#core;
    const taken = new Map<string, (message: BusMessage) => void>([
      [topics.ready, ({ payload }) => this.#onGlobalReady(payload)],
      [topics.shutdown, ({ payload }) => payload !== '' && void this.stop()],
      [topics.status(info.id), (message) => this.#onOwnStatus(message)],
    ]);
    for (const peer of this.#peers.values())
      taken.set(topics.status(peer.moduleId), (message) => this.#onStatus(peer, message));
    for (const connection of this.#connections())
      for (const [filter, take] of connection.subscriptions()) merge(taken, filter, take);
    for (const provided of this.#provided.values()) {
      if (Object.keys(provided.interface.commands).length === 0) continue;
      taken.set(topics.command(info.id, provided.id, '+'), (message) => this.#onCommand(provided, message));
    }
    const [journal] = this.#core.journals;
    if (journal) taken.set(topics.journal(info.id), ({ payload }) => journal.take(JSON.parse(payload)));
    if (this.#manifest.enableGlobalErrors) {
      taken.set(topics.error('+', '+', '+/+'), ({ payload }) => void this.#globalErrors.note(decodeError(payload)));
      taken.set(topics.keptErrors('+', '+'), (message) => this.#onKeptErrors(message));
    }
    this.#leftovers = await bus.subscribe([topics.keptBy(info.id)], (message) => kept.found(message));
    const find = lookup(taken);
    await bus.subscribe([...taken.keys()], (message) =>
      this.#guard(message.topic, () => {
        for (const take of find(message.topic)) take(message);
      }),
    );
    await this.#external.open(bus, (topic, work) => this.#guard(topic, work));
  }

  #onCommand(provided: ProvidedImplementation, { topic, payload }: BusMessage): void {
    if (payload === '') return;
    const message = decodeCommand(payload);
    const command = topic.slice(topic.lastIndexOf('/') + 1);
    this.#lanes.run(topic, async () => {
      // A caller may have heard that the mesh is ready a moment before we do.
      if (this.#state === 'set up') await this.#whenReady.promise;
      await provided.answer(command, message).catch((error) => this.#core.log.warn(`${topic}: ${messageOf(error)}`));
    });
  }

  #onGlobalReady(payload: string): void {
    if (payload === '' || this.#state !== 'set up' || openEnvelope(payload).data !== true) return;
    this.#state = 'ready';
    for (const provided of this.#provided.values()) if (provided.interface.errors.length > 0) provided.keepErrors();
    this.#core.kept.dropLeftovers();
    void this.#leftovers?.close().catch(() => {});
    this.#core.outbox.open();
    for (const connection of this.#connections()) connection.catchUp();
    // Commands are taken from here on, since a module's `ready` may wait for a peer that calls back.
    this.#whenReady.resolve();
    void this.#becomeReady();
  }

  #onStatus(peer: Peer, message: BusMessage): void {
    if (peer.hear(message))
      this.#core.client.failAll(new CommandError('NotReady', `module ${peer.moduleId} has left`), peer.moduleId);
  }

  /** A broker that finds out late that an old connection of ours is dead tells the last will, though this one has replaced it. */
  #onOwnStatus({ payload, retained }: BusMessage): void {
    if (retained || payload === '' || this.#ending) return;
    if ((JSON.parse(payload) as { state?: unknown }).state !== 'gone') return;
    this.#announce(this.#presence).catch(() => {});
    this.#core.kept.resend();
  }

  #onKeptErrors({ topic, payload, retained }: BusMessage): void {
    // What the broker had kept is older than what came live, though it may arrive later.
    if (payload === '' || (retained && this.#liveErrors.has(topic))) return;
    if (!retained) this.#liveErrors.add(topic);
    const levels = topic.slice(this.#core.topics.own.length).split('/');
    const [, moduleId = '', , implementationId = ''] = levels;
    this.#globalErrors.replace(moduleId, implementationId, JSON.parse(payload) as readonly MeshError[]);
  }

  #onConnection(connected: boolean): void {
    const { log, client, kept } = this.#core;
    if (this.#ending) return;
    if (!connected) {
      log.warn('lost the broker; redialling');
      client.failAll(new CommandError('NotReady', 'the connection to the broker broke'));
      for (const connection of this.#connections()) connection.forgetLive();
      for (const peer of this.#peers.values()) peer.forgetLive();
      this.#liveErrors.clear();
      return;
    }
    log.info('the broker is back');
    void this.#announce('ready').catch(() => {});
    kept.resend();
    for (const journal of this.#core.journals) journal.announce();
    for (const connection of this.#connections()) connection.catchUp();
  }

  async #announce(state: PresenceState): Promise<void> {
    const { bus, topics, info, clock } = this.#core;
    this.#presence = state;
    const status = { module: info.name, pid: process.pid, state, timestamp: formatTimestamp(clock.wallMs()) };
    await bus.publish(topics.status(info.id), JSON.stringify(status), { retain: true });
  }

  async #stop(): Promise<void> {
    const { bus, client, kept, log } = this.#core;
    const wasReady = this.#state === 'ready';
    this.#state = 'stopping';
    if (wasReady) await this.#shutDown();
    this.#state = 'stopped';
    this.#heartbeat.beat(false);
    for (const connection of this.#connections()) connection.stop();
    this.#core.outbox.close();
    client.failAll(new CommandError('Shutdown', 'this module is shutting down'));
    try {
      await Promise.all(kept.topics().map((topic) => bus.publish(topic, '', { retain: true })));
      await this.#announce('gone');
    } catch (error) {
      log.debug(`said no good-bye: ${messageOf(error)}`);
    }
    await bus.close();
    this.#files.close();
    this.#onStopped(this.#failure);
  }

  #vanish(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#core.outbox.close();
    this.#files.close();
  }

  /** The module's own shutdown, as far as it keeps to its time. */
  async #shutDown(): Promise<void> {
    const { clock, log } = this.#core;
    const work = (async (): Promise<void> => this.#hooks.shutdown?.())();
    const told = work.catch((error) => log.error(`its shutdown failed: ${messageOf(error)}`));
    if ((await within(clock, SHUTDOWN_WITHIN_MS, told)) === 'late') log.warn('its shutdown took too long and was left');
  }

  /** A module whose `ready` fails is not left half at work: it ends, so that whoever runs it can start it again. */
  async #becomeReady(): Promise<void> {
    try {
      await this.#hooks.ready?.();
    } catch (error) {
      // What it asked of others while it was told to stop may well fail.
      if (this.#ending) return;
      this.#core.log.error(`ready failed: ${messageOf(error)}`, {
        ...(error instanceof Error && { stack: error.stack }),
      });
      this.#failure = error;
      await this.stop();
    }
  }

  get #ending(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped';
  }

  /** A module that shuts down still calls its peers: it hears their answers, and that they leave. */
  #concernsShutdown(topic: string): boolean {
    const { topics, info } = this.#core;
    if (this.#state === 'stopped') return false;
    return topic.endsWith(`/response/${info.id}`) || [...this.#peers.keys()].some((id) => topic === topics.status(id));
  }

  /** Runs what takes a message; whatever it throws ends there, and the message with it. */
  #guard(topic: string, work: () => void): void {
    if (this.#ending && !this.#concernsShutdown(topic)) return;
    try {
      work();
    } catch (error) {
      this.#core.drops.drop(topic, messageOf(error));
    }
  }

  #connections(): RequiredConnection[] {
    return [...this.#required.values()].flat();
  }

  #peer(moduleId: string): Peer {
    let peer = this.#peers.get(moduleId);
    if (!peer) {
      peer = new Peer(moduleId);
      this.#peers.set(moduleId, peer);
    }
    return peer;
  }

  #metadata(): unknown {
    const provides = [...this.#provided.values()].map(({ id, interface: { name } }) => [id, { interface: name }]);
    return { module: this.#core.info.name, provides: Object.fromEntries(provides) };
  }
}

type Take = (message: BusMessage) => void;

/** Two requirements may lead to the same peer: both take its messages. */
function merge(taken: Map<string, Take>, filter: string, take: Take): void {
  const other = taken.get(filter);
  taken.set(
    filter,
    other
      ? (message) => {
          other(message);
          take(message);
        }
      : take,
  );
}

/** Finds who takes a topic: exact ones by the map, patterns by their place. */
function lookup(taken: ReadonlyMap<string, Take>): (topic: string) => readonly Take[] {
  const cache = new Map<string, readonly Take[]>();
  return (topic) => {
    let takes = cache.get(topic);
    if (!takes) {
      takes = [...taken].filter(([filter]) => matchesFilter(filter, topic)).map(([, take]) => take);
      cache.set(topic, takes);
    }
    return takes;
  };
}
