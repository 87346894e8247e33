import { relative } from 'node:path';
import type { Clock } from '@chargemesh/base';
import type { Mesh, ModuleState, StationLayout } from '@chargemesh/manager';
import type { RunningCsms } from './bundled-csms.ts';
import { columns, print } from './output.ts';
import { describeLink, linkTopics, type StationLink, unknownLink, updateLink } from './station-link.ts';

/** What the screen of `up` tells of. */
export interface UpScreenOptions {
  readonly clock: Clock;
  readonly mesh: Mesh;
  readonly layout: StationLayout;
  readonly csms: RunningCsms | undefined;
  readonly file: string;
  readonly stateFolder: string;
  /** Events as JSON lines in the place of words. */
  readonly json: boolean;
}

/** The station's name arrives as soon as the OCPP module runs; without it the screen does not wait for long. */
const NAME_WITHIN_MS = 1_000;

/** What a person sees while a mesh runs: where everything is, how the station stands with its CSMS, what to do next. */
export class UpScreen {
  readonly #options: UpScreenOptions;
  readonly #startedMs: number;
  #link: StationLink = unknownLink;
  #said = '';
  #shown = false;
  #ending = false;
  readonly #named = Promise.withResolvers<void>();
  #states = new Map<string, ModuleState['state']>();

  constructor(options: UpScreenOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  /** Listens to the mesh. */
  async start(): Promise<void> {
    const { mesh, layout } = this.#options;
    mesh.onChange(() => this.#modulesChanged());
    const awaited = mesh.modules().filter(({ startedBy, state }) => startedBy === 'somebody else' && state !== 'ready');
    if (awaited.length > 0) {
      const { host, port } = mesh.broker;
      this.say(
        `waiting at broker ${host}:${port} for ${awaited.map(({ id }) => id).join(', ')}, started by somebody else`,
      );
    }
    if (layout.ocppModuleId === undefined) return;
    await mesh.subscribe(linkTopics(mesh.topics, layout.ocppModuleId), ({ topic, payload }) => {
      this.#link = updateLink(this.#link, topic, payload);
      if (this.#link.identity !== undefined) this.#named.resolve();
      if (this.#shown) this.#sayLink();
    });
  }

  /** The mesh is ready: says everything at once. */
  async ready(): Promise<void> {
    const { clock, mesh, layout, csms, file, stateFolder, json } = this.#options;
    if (layout.ocppModuleId !== undefined) {
      const late = clock.setTimer(NAME_WITHIN_MS, () => this.#named.resolve());
      await this.#named.promise;
      late.cancel();
    }
    this.#shown = true;
    if (json) {
      const { host, port, kind } = mesh.broker;
      this.#event('ready', {
        broker: { host, port, kind },
        state: stateFolder,
        config: file,
        csms: csms?.url,
        station: layout,
      });
    } else {
      print(
        `${relative(process.cwd(), file)}: ${mesh.modules().length === 1 ? 'the module is' : `${mesh.modules().length} modules are`} ready`,
      );
      print(columns(this.#facts()).replace(/^/gm, '  '));
      print(this.#next());
    }
    if (layout.ocppModuleId !== undefined && csms) this.#sayLink();
  }

  /** The mesh is about to end, for the reason given: how its parts go down is news to nobody. */
  end(text: string): void {
    this.say(text);
    this.#ending = true;
  }

  /** One line, as an event in JSON. */
  say(text: string): void {
    if (this.#options.json) this.#event('note', { text });
    else print(text);
  }

  #facts(): string[][] {
    const { mesh, layout, csms, stateFolder } = this.#options;
    const { host, port, kind } = mesh.broker;
    const prefix = mesh.topics.prefixes.mesh;
    const at = `${host === '127.0.0.1' ? '' : `-h ${host} `}-p ${port}`;
    return [
      ...(layout.ocppModuleId === undefined
        ? []
        : [
            ...(this.#link.identity === undefined ? [] : [['station', this.#link.identity]]),
            ['CSMS', csms ? `${csms.url}${csms.bundled ? ' (bundled)' : ''}` : 'by the OCPP configuration'],
          ]),
      ...layout.evses.map(({ evse, moduleId, connectorId, car }) => [
        `EVSE ${evse}`,
        `${moduleId}, connector ${connectorId}${car ? `, simulated car ${car.moduleId}` : ''}`,
      ]),
      ['broker', kind === 'socket' ? host : `${host}:${port}   mosquitto_sub ${at} -v -t '${prefix}#'`],
      ['state', stateFolder],
    ];
  }

  #next(): string {
    const { layout, csms } = this.#options;
    const [first] = layout.evses;
    if (!first) return 'Ctrl-C ends it.';
    const lines = [
      ...(first.car ? [[`./mesh plug ${first.evse}`, 'plugs the car in']] : []),
      ...(layout.cardTopics.length > 0 ? [[`./mesh swipe ${first.evse} DEADBEEF`, 'holds a card to the reader']] : []),
      ...(csms?.bundled ? [['./mesh csms ledger', 'shows what the CSMS knows']] : []),
      ['./mesh inspect', 'shows the bus, message by message'],
    ];
    return `Next, in another terminal (Ctrl-C here ends it all):\n${columns(lines).replace(/^/gm, '  ')}`;
  }

  #sayLink(): void {
    const { clock, csms, json } = this.#options;
    if (this.#ending) return;
    if (!csms && !this.#link.connected && this.#link.url === undefined) return;
    const text = describeLink(this.#link);
    if (text === this.#said) return;
    this.#said = text;
    const afterS = (clock.monotonicMs() - this.#startedMs) / 1000;
    if (json) this.#event('csms', { ...this.#link, afterS });
    else
      print(`CSMS: ${text}${this.#link.connected ? ` as ${this.#link.identity}` : ''} (after ${afterS.toFixed(2)} s)`);
  }

  #modulesChanged(): void {
    for (const { id, state, restarts } of this.#options.mesh.modules()) {
      const before = this.#states.get(id);
      this.#states.set(id, state);
      if (restarts > 0 && state === 'ready' && before !== 'ready') this.say(`module ${id} is back`);
    }
  }

  #event(event: string, data: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
  }
}
