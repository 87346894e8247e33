import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChargemeshError, type Clock, type Logger, RealClock, systemRandom } from '@chargemesh/base';
import { Csms, type TagList } from '@chargemesh/csms';
import type { Topics } from '@chargemesh/framework';
import {
  type BusEvent,
  ControlClient,
  controlSocketPath,
  type MeshStatus,
  type ModuleCommand,
  type StationLayout,
} from '@chargemesh/manager';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import type { OracleFinding } from '../../oracles/oracle.ts';
import { disturbLink } from '../disturb-link.ts';
import { prepareWorld } from '../prepared.ts';
import type { CsmsKind, ListeningCsms } from '../trial-csms.ts';
import type { EvseView, LinkState, SeenMessage, Victim, Witness, World } from '../world.ts';
import { DiskWitness } from './disk-witness.ts';
import { OcppRpcCsms } from './ocpp-rpc/ocpp-rpc-csms.ts';
import { Program } from './program.ts';

const START_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;
const START_ATTEMPTS = 10;
/** Between the event and its line here are two processes, on a machine that does other things as well. */
const SLACK_MS = 400;

/** Which broker the processes of a real world meet on. */
export type RealBroker =
  /** The mesh's own: it dies with its manager. */
  | { readonly kind: 'embedded' }
  /** One in a process of its own, which can be killed. */
  | { readonly kind: 'apart' }
  | { readonly kind: 'outside'; readonly address: string };

/** What a real world is made of. */
export interface RealWorldOptions {
  /** The configuration of the mesh, absolute. */
  readonly configFile: string;
  readonly station: string;
  readonly layout: 'one' | 'isolated';
  readonly broker: RealBroker;
  readonly csms: CsmsKind;
  /** The command line of Chargemesh. */
  readonly program: ModuleCommand;
  readonly log: Logger;
  readonly tags?: TagList | undefined;
  /** Takes each frame as a line of NDJSON. */
  readonly transcript: (line: string) => void;
}

/** A station in processes of its own, on a real broker, with its CSMS here, in real time. */
export class RealWorld implements World {
  readonly clock: RealClock = new RealClock();
  readonly csms: ListeningCsms;
  readonly station: string;
  readonly layout: StationLayout;
  readonly topics: Topics;
  readonly slackMs: number = SLACK_MS;
  readonly #options: RealWorldOptions;
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'chargemesh-run-'));
  readonly #listeners: ((message: SeenMessage) => void)[] = [];
  readonly #moduleIds: readonly string[];
  #url = '';
  readonly #programs: Program[] = [];
  #broker: { readonly program: Program; readonly port: number } | undefined;
  #mesh: Program | undefined;
  /** The mesh builds itself anew at a hard reset: then the next connection. */
  #control: Promise<ControlClient> | undefined;
  #wallOffsetMs = 0;

  /** @throws ChargemeshError `SCENARIO_CONFIG` where the configuration has faults */
  constructor(options: RealWorldOptions) {
    const { station } = options;
    this.#options = options;
    this.station = station;
    const { layout, topics, configuration } = prepareWorld(options.configFile);
    this.#moduleIds = configuration.modules.map(({ id }) => id);
    this.layout = layout;
    this.topics = topics;
    this.csms = makeCsms(options, this.clock);
  }

  async start(): Promise<void> {
    if (this.#url === '') this.#url = (await this.csms.start()).url;
    if (this.#options.broker.kind === 'apart' && !this.#broker) await this.#startBroker(await freePort());
    await this.#startMesh();
  }

  async startAgain(): Promise<void> {
    // What was left of the last one may still be on its way out.
    for (let left = START_ATTEMPTS; !this.#mesh?.running; left--)
      try {
        await this.#startMesh();
      } catch (error) {
        if (left <= 1) throw error;
        await this.clock.sleep(1_000);
      }
  }

  async stop(): Promise<void> {
    const unfollowed = this.#unfollow();
    await this.#mesh?.end('SIGINT');
    await unfollowed;
    await this.#broker?.program.end('SIGTERM');
    await this.csms.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async publish(topic: string, payload: string): Promise<void> {
    await this.#call('publish', { topic, payload });
  }

  onMessage(listener: (message: SeenMessage) => void): void {
    this.#listeners.push(listener);
  }

  async evses(): Promise<readonly EvseView[]> {
    return ((await this.#call('status')) as MeshStatus).evses;
  }

  get witness(): Witness {
    return new DiskWitness(
      this.#state,
      this.layout.evses.map(({ moduleId }) => moduleId),
    );
  }

  get #state(): string {
    return join(this.#folder, 'state');
  }

  findings(): readonly OracleFinding[] {
    return this.#programs.flatMap(({ troubles }) => troubles);
  }

  async until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
    const endMs = this.clock.monotonicMs() + withinMs;
    for (;;) {
      if (await condition()) return true;
      const leftMs = endMs - this.clock.monotonicMs();
      if (leftMs <= 0) return false;
      await this.clock.sleep(Math.min(LOOK_EVERY_MS, leftMs));
    }
  }

  async settled<T>(work: Promise<T>, withinMs: number): Promise<T> {
    const patience = new AbortController();
    const late = this.clock.sleep(withinMs, patience.signal).then((): never => {
      throw new RangeError(`it did not come about within ${withinMs / 1000} s`);
    });
    late.catch(() => {});
    try {
      return await Promise.race([work, late]);
    } finally {
      patience.abort();
    }
  }

  async setLink(state: LinkState): Promise<void> {
    const { csms } = this;
    if (state.kind === 'restored') {
      csms.refuse(false);
      csms.delayUpgrade(0);
    }
    if (state.kind === 'cut') csms.refuse(true);
    if (state.kind === 'slow') csms.delayUpgrade(state.delayMs);
    disturbLink(csms, this.station, state);
  }

  async kill(victim: Victim): Promise<void> {
    if (victim === 'broker') await this.#endBroker('SIGKILL');
    else if (victim === 'manager') await this.#endMesh('SIGKILL');
    else this.#signal(await this.#pid(victim), 'SIGKILL');
  }

  async restart(victim: Victim): Promise<void> {
    if (victim === 'broker') {
      await this.#startBroker(await this.#endBroker('SIGTERM'));
    } else if (victim === 'manager') {
      if (this.#mesh?.running) await this.#endMesh('SIGINT');
      await this.#startMesh();
    } else this.#signal(await this.#pid(victim), 'SIGTERM');
  }

  async moveWall(deltaMs: number): Promise<void> {
    this.#wallOffsetMs += deltaMs;
    await this.publish('chargemesh/clock', JSON.stringify({ offset_ms: this.#wallOffsetMs }));
  }

  async #startMesh(): Promise<void> {
    const { configFile, layout, station, broker } = this.#options;
    const address = broker.kind === 'outside' ? broker.address : this.#broker && `127.0.0.1:${this.#broker.port}`;
    const mesh = this.#run([
      ...['up', configFile, '--csms', this.#url, '--id', station, '--state', this.#state],
      ...(layout === 'isolated' ? ['--isolate'] : []),
      ...(address === undefined ? [] : ['--broker', address]),
    ]);
    this.#mesh = mesh;
    const failed = (why: string): ChargemeshError =>
      new ChargemeshError('SCENARIO_START', `${why}; it said:\n${mesh.said}`);
    await this.#follow(mesh, failed);
    const isReady = await this.until(async () => {
      if (!mesh.running) throw failed('the mesh ended');
      return ((await this.#call('status')) as MeshStatus).ready;
    }, START_WITHIN_MS);
    if (!isReady) throw failed('the mesh is not ready yet');
  }

  /** Hears the bus of a mesh, and asks it, for as long as its process runs. */
  #follow(mesh: Program, failed: (why: string) => ChargemeshError): Promise<ControlClient> {
    const connected = this.#connect(mesh, failed);
    this.#control = connected;
    const lost = (): void => {
      if (this.#control !== connected) return;
      this.#tellGone();
      this.#follow(mesh, failed);
    };
    connected.then(
      (control) => control.call('subscribe', { filters: ['#'] }, (event) => this.#tell(event as BusEvent)).catch(lost),
      // Whoever asks is told.
      () => {},
    );
    return connected;
  }

  async #unfollow(): Promise<void> {
    const control = this.#control;
    this.#control = undefined;
    (await control?.catch(() => undefined))?.close();
  }

  #run(words: readonly string[]): Program {
    const program = new Program(this.#options.program, words, this.clock);
    this.#programs.push(program);
    return program;
  }

  /** Waits until the mesh can be asked. */
  async #connect(mesh: Program, failed: (why: string) => ChargemeshError): Promise<ControlClient> {
    const socket = controlSocketPath(this.#state, process.env);
    let found: ControlClient | undefined;
    await this.until(async () => {
      if (!mesh.running) throw failed('the mesh did not start');
      found = await ControlClient.connect(socket).catch(() => undefined);
      return found !== undefined;
    }, START_WITHIN_MS);
    if (!found) throw failed('the mesh cannot be asked anything');
    return found;
  }

  async #endMesh(signal: NodeJS.Signals): Promise<void> {
    const unfollowed = this.#unfollow();
    await this.#mesh?.end(signal);
    await unfollowed;
    this.#tellGone();
  }

  /** What modules do while it is away nobody sees: they count as gone. @returns its port */
  async #endBroker(signal: NodeJS.Signals): Promise<number> {
    const { program, port } = this.#apart();
    await program.end(signal);
    this.#tellGone();
    return port;
  }

  /** The broker that would have said so may be gone as well. */
  #tellGone(): void {
    for (const moduleId of this.#moduleIds)
      this.#tell({ topic: this.topics.status(moduleId), payload: '{"state":"gone"}', retained: false });
  }

  #tell({ topic, payload, retained }: Omit<SeenMessage, 'atMs'>): void {
    const seen = { topic, payload, retained, atMs: this.clock.monotonicMs() };
    for (const listener of this.#listeners) listener(seen);
  }

  async #call(method: string, params: unknown = {}): Promise<unknown> {
    if (!this.#control) throw new ChargemeshError('MESH_NOT_RUNNING', 'the mesh does not run');
    return (await this.#control).call(method, params);
  }

  /** What has just died cannot be killed, and need not be. */
  #signal(pid: number | undefined, signal: NodeJS.Signals): void {
    try {
      if (pid !== undefined) process.kill(pid, signal);
    } catch {}
  }

  async #pid(moduleId: string): Promise<number | undefined> {
    const { pid: manager, modules } = (await this.#call('status')) as MeshStatus;
    const found = modules.find(({ id }) => id === moduleId);
    if (!found)
      throw new ChargemeshError(
        'SCENARIO_VICTIM',
        `there is no module ${moduleId}: there are ${modules.map(({ id }) => id).join(', ')}`,
      );
    if (found.pid === manager)
      throw new ChargemeshError('SCENARIO_VICTIM', `module ${moduleId} has no process of its own: --layout isolated`);
    return found.pid;
  }

  #apart(): { readonly program: Program; readonly port: number } {
    if (!this.#broker)
      throw new ChargemeshError('SCENARIO_VICTIM', 'the broker has no process that may be killed: --broker apart');
    return this.#broker;
  }

  async #startBroker(port: number): Promise<void> {
    const program = this.#run(['broker', '--port', String(port)]);
    this.#broker = { program, port };
    if (!(await this.until(() => program.said.includes(String(port)), START_WITHIN_MS)))
      throw new ChargemeshError('SCENARIO_START', `the broker does not come up; it said:\n${program.said}`);
  }
}

function makeCsms({ csms, log, tags, transcript }: RealWorldOptions, clock: Clock): ListeningCsms {
  const common = {
    clock,
    log: log.child({ module: 'csms' }),
    validator: createFrameValidator({ strict: true }),
    transcript,
    ...(tags && { tags }),
  };
  return csms === 'ours' ? new Csms({ ...common, random: systemRandom }) : new OcppRpcCsms(common);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
