import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ChargemeshError, type Logger, MortalClock, messageOf, SeededRandom, VirtualClock } from '@chargemesh/base';
import { Csms, type TagList } from '@chargemesh/csms';
import { type Bus, MemoryBroker, type ModuleDefinition, type Topics } from '@chargemesh/framework';
import { EvseWatch, Mesh, type ModuleSource, type StationLayout, ValueOverlay } from '@chargemesh/manager';
import { ocppModule } from '@chargemesh/ocpp';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import type { OracleFinding } from '../../oracles/oracle.ts';
import { disturbLink } from '../disturb-link.ts';
import { fastFolder } from '../fast-folder.ts';
import type { MomentSource } from '../moment.ts';
import { type PreparedWorld, prepareWorld } from '../prepared.ts';
import type { EvseView, LinkState, SeenMessage, Victim, Witness, World } from '../world.ts';
import { FaultPort } from './fault-port.ts';
import { MemoryTransport } from './memory-transport.ts';

/** All the modules are set up within this time, or not at all. */
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** A meter that is read each second would be most of what happens in a month. */
const METER_PERIOD_S = '5';

interface RunningMesh {
  readonly mesh: Mesh;
  readonly clock: MortalClock;
  readonly watch: EvseWatch;
  readonly killed: PromiseWithResolvers<void>;
}

/** What a virtual world holds, by number. */
export interface WorldCensus {
  readonly timers: number;
  readonly wallListeners: number;
  readonly clients: number;
  readonly subscriptions: number;
  readonly retained: number;
}

/** What a virtual world is made of. */
export interface VirtualWorldOptions {
  /** The configuration of the mesh, absolute. */
  readonly configFile: string;
  readonly station: string;
  readonly seed: number;
  readonly log: Logger;
  readonly tags?: TagList | undefined;
  /** Takes each frame as a line of NDJSON. */
  readonly transcript: (line: string) => void;
  /** Wall time at the start, in ms since the epoch. */
  readonly startMs?: number | undefined;
}

/**
 * A whole station with its CSMS in this process, on a bus in memory, in time that jumps from timer to timer: the same each time for the
 * same seed. Databases are files, so that what was killed finds them again.
 */
export class VirtualWorld implements World {
  readonly clock: VirtualClock;
  readonly csms: Csms;
  readonly station: string;
  readonly layout: StationLayout;
  readonly topics: Topics;
  readonly slackMs = 0;
  readonly #options: VirtualWorldOptions;
  readonly #random: SeededRandom;
  readonly #folder: string;
  readonly #broker = new MemoryBroker();
  readonly #transport: MemoryTransport;
  readonly #faults: FaultPort;
  readonly #prepared: PreparedWorld;
  readonly #listeners: ((message: SeenMessage) => void)[] = [];
  readonly #outside: Bus;
  readonly #troubles: OracleFinding[] = [];
  #mesh: RunningMesh | undefined;
  #starting: Promise<void> | undefined;
  #isOver = false;

  private constructor(options: VirtualWorldOptions, prepared: PreparedWorld, folder: string) {
    const { seed, station, log, tags, transcript } = options;
    this.#options = options;
    this.#prepared = prepared;
    this.#folder = folder;
    this.station = station;
    this.clock = new VirtualClock(options.startMs);
    this.#random = new SeededRandom(seed);
    this.csms = new Csms({
      clock: this.clock,
      random: this.#random,
      log: log.child({ module: 'csms' }),
      validator: createFrameValidator({ strict: true }),
      transcript,
      ...(tags && { tags }),
    });
    this.layout = prepared.layout;
    this.topics = prepared.topics;
    this.#faults = new FaultPort(this.topics, this.layout.ocppModuleId ?? '', () => this.clock.monotonicMs());
    this.#transport = new MemoryTransport(this.clock, this.csms, this.#faults);
    this.#outside = this.#broker.connect();
  }

  /** @throws ChargemeshError `SCENARIO_CONFIG` where the configuration has faults */
  static async create(options: VirtualWorldOptions): Promise<VirtualWorld> {
    const prepared = prepareWorld(options.configFile);
    const world = new VirtualWorld(options, prepared, mkdtempSync(join(fastFolder(), 'chargemesh-virtual-')));
    await world.#outside.subscribe(['#'], (message) => {
      const seen = { ...message, atMs: world.clock.monotonicMs() };
      world.#faults.commits.heard(seen);
      for (const listener of world.#listeners) listener(seen);
    });
    return world;
  }

  get moments(): MomentSource {
    return this.#faults;
  }

  get witness(): Witness {
    return { events: () => this.#faults.commits.events };
  }

  /** What is held now: whatever of it grows from session to session is never given back. */
  get census(): WorldCensus {
    const { pendingTimers: timers, wallListeners } = this.clock;
    return { timers, wallListeners, ...this.#broker.census };
  }

  /** For runs that are too long to keep all that was ever committed: to be called with nothing under way. */
  forget(): void {
    this.#faults.commits.forget();
  }

  findings(): readonly OracleFinding[] {
    return [...this.#faults.commits.findings, ...this.#troubles];
  }

  async start(): Promise<void> {
    await this.settled(this.#bringUp(), START_WITHIN_MS);
  }

  async startAgain(): Promise<void> {
    // As a service manager does, which tries again.
    while (!this.#mesh && !this.#isOver) {
      try {
        await this.#bringUp();
      } catch (error) {
        this.#options.log.warn(`the mesh did not come up: ${messageOf(error)}`);
        await this.clock.sleep(1_000);
      }
    }
  }

  /** One at a time: who comes second waits for the first. */
  #bringUp(): Promise<void> {
    this.#starting ??= this.#startMesh().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #startMesh(): Promise<void> {
    if (!this.#broker.running) this.#broker.recover();
    const clock = new MortalClock(this.clock);
    const { prepared, configuration } = this.#prepared;
    const starting = Mesh.start({
      configuration,
      library: this.#library(),
      clock,
      random: this.#random,
      log: this.#options.log,
      logLevel: 'silent',
      broker: { kind: 'memory', broker: this.#broker },
      isolate: 'none',
      stateFolder: this.#folder,
      searchPaths: prepared.searchPaths,
      moduleFolders: prepared.moduleFolders,
      interfacesFolder: prepared.interfacesFolder,
      runOptions: { csms: 'ws://csms/', id: this.station, meterPeriod: METER_PERIOD_S },
      values: new ValueOverlay(join(this.#folder, 'user-config.json')),
      wrapStore: this.#faults.wrapStore,
    });
    const mesh = await starting;
    const watch = await EvseWatch.start(mesh, this.layout.evses);
    const running = { mesh, clock, watch, killed: Promise.withResolvers<void>() };
    this.#mesh = running;
    mesh.ended.then((end) => {
      if (end.kind === 'reboot') return this.#reboot(running);
      if (end.kind !== 'failed') return;
      const message = `a module was given up: ${end.error.message}`;
      this.#troubles.push({ rule: 'module', message, atMs: this.clock.monotonicMs() });
    });
    await Promise.race([mesh.ready, running.killed.promise]);
  }

  /** A hard reset: all of it ends in order and starts anew, unless it was killed on the way. */
  async #reboot(running: RunningMesh): Promise<void> {
    await Promise.race([running.mesh.stop(), running.killed.promise]);
    if (this.#mesh !== running) return;
    this.#mesh = undefined;
    await this.startAgain();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    try {
      if (this.#starting) await this.settled(this.#starting, START_WITHIN_MS);
      await this.#stopMesh();
    } finally {
      await this.csms.stop();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  async publish(topic: string, payload: string): Promise<void> {
    await this.#outside.publish(this.topics.prefixes.external + topic, payload, { qos: 0 });
  }

  onMessage(listener: (message: SeenMessage) => void): void {
    this.#listeners.push(listener);
  }

  async evses(): Promise<readonly EvseView[]> {
    return this.#mesh?.watch.activities() ?? [];
  }

  async until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
    const endMs = this.clock.monotonicMs() + withinMs;
    await this.clock.settle();
    do if (await condition()) return true;
    while (await this.clock.step(endMs - this.clock.monotonicMs()));
    await this.clock.advance(endMs - this.clock.monotonicMs());
    return condition();
  }

  async settled<T>(work: Promise<T>, withinMs: number): Promise<T> {
    let isSettled = false;
    const done = (): void => {
      isSettled = true;
    };
    work.then(done, done);
    if (!(await this.until(() => isSettled, withinMs)))
      throw new RangeError(`it did not come about within ${withinMs / 1000} s`);
    return work;
  }

  async setLink(state: LinkState): Promise<void> {
    if (state.kind === 'restored') this.#transport.restore();
    if (state.kind === 'cut') this.#transport.refusing = true;
    if (state.kind === 'slow') this.#transport.delayMs = state.delayMs;
    disturbLink(this.csms, this.station, state);
  }

  async kill(victim: Victim): Promise<void> {
    if (victim === 'broker') {
      this.#broker.crash();
      this.#loseSight();
      return;
    }
    const running = this.#mesh;
    if (!running) return;
    if (victim === 'manager') {
      this.#transport.vanish();
      running.mesh.crash();
      running.clock.kill();
      running.killed.resolve();
      this.#mesh = undefined;
      return;
    }
    this.#known(victim);
    if (victim === this.layout.ocppModuleId) this.#transport.vanish();
    running.mesh.crash(victim);
  }

  async restart(victim: Victim): Promise<void> {
    if (victim === 'broker') {
      if (this.#broker.running) this.#broker.crash();
      this.#broker.recover();
    } else if (victim === 'manager') {
      await this.#stopMesh();
      await this.start();
    } else {
      this.#known(victim);
      const mesh = this.#mesh?.mesh;
      if (mesh) await this.settled(mesh.restartModule(victim), STOP_WITHIN_MS);
    }
  }

  async moveWall(deltaMs: number): Promise<void> {
    this.clock.setWallOffset(this.clock.wallOffsetMs() + deltaMs);
  }

  async #stopMesh(): Promise<void> {
    const running = this.#mesh;
    this.#mesh = undefined;
    if (running) await this.settled(running.mesh.stop(), STOP_WITHIN_MS);
  }

  /** Nobody hears what boards do while there is no broker; what they have come to is reported when it is back. */
  #loseSight(): void {
    for (const { boardId } of this.layout.evses)
      if (boardId !== undefined)
        this.#tell({ topic: this.topics.status(boardId), payload: '{"state":"gone"}', retained: false });
  }

  #tell(message: Omit<SeenMessage, 'atMs'>): void {
    const seen = { ...message, atMs: this.clock.monotonicMs() };
    for (const listener of this.#listeners) listener(seen);
  }

  #known(moduleId: string): void {
    const ids = this.#prepared.configuration.modules.map(({ id }) => id);
    if (!ids.includes(moduleId))
      throw new ChargemeshError('SCENARIO_VICTIM', `there is no module ${moduleId}: there are ${ids.join(', ')}`);
  }

  /** The usual modules, but for the way to the CSMS. */
  #library(): ModuleSource {
    const { library } = this.#prepared.prepared;
    const ocpp = ocppModule(this.#transport);
    return {
      contracts: library.contracts,
      load: async (name: string): Promise<ModuleDefinition> => (name === 'OCPP' ? ocpp : library.load(name)),
    };
  }
}
