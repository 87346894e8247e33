import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { silentLogger } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { decodeVariable } from '@chargemesh/framework';
import { VirtualWorld } from '@chargemesh/scenarios';

const CARD = 'DEADBEEF';
const HISTORY = 'database_path: error_history.db';

/** What came about at EVSE 1 since somebody last looked. */
export interface Observed {
  /** Session events by name; a pause by the EVSE with its reasons, in brackets. */
  readonly session: readonly string[];
  /** Control pilot states and relay events of the board. */
  readonly board: readonly string[];
  /** Errors on the bus: `raised module->implementation type`, or `cleared …`. */
  readonly errors: readonly string[];
  /** Payloads of StatusNotification, without their time. */
  readonly statuses: readonly Readonly<Record<string, unknown>>[];
  /** How long after the first of the errors the relay opened, in ms; undefined where it did not. */
  readonly openedAfterMs: number | undefined;
}

/** A row of the error history. */
export interface HistoryRow {
  readonly type: string;
  readonly sub_type: string;
  readonly message: string;
  readonly origin_module: string;
  readonly origin_implementation: string;
  readonly severity: string;
  readonly state: string;
}

/** A whole station in virtual time, with a simulated car at EVSE 1, and all that it does and says written down. */
export class ObservedCharge {
  readonly world: VirtualWorld;
  readonly #folder: string;
  readonly #frames: string[];
  #session: string[] = [];
  #board: string[] = [];
  #errors: string[] = [];
  #erredAtMs: number | undefined;
  #openedAtMs: number | undefined;

  private constructor(world: VirtualWorld, folder: string, frames: string[]) {
    this.world = world;
    this.#folder = folder;
    this.#frames = frames;
    world.onMessage((message) => this.#note(message));
  }

  static async start(): Promise<ObservedCharge> {
    const folder = mkdtempSync(join(tmpdir(), 'chargemesh-charge-'));
    const text = readFileSync(join(repositoryFolder, 'config-sil-ocpp.yaml'), 'utf8');
    const configFile = join(folder, 'mesh.yaml');
    writeFileSync(configFile, text.replace(HISTORY, `database_path: ${join(folder, 'errors.db')}`));
    const frames: string[] = [];
    const world = await VirtualWorld.create({
      configFile,
      station: 'cp001',
      seed: 1,
      log: silentLogger,
      transcript: (line) => frames.push(line),
    });
    const charge = new ObservedCharge(world, folder, frames);
    await world.start();
    await charge.wait(30_000);
    charge.look();
    return charge;
  }

  async stop(): Promise<void> {
    await this.world.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async wait(forMs: number): Promise<void> {
    await this.world.until(() => false, forMs);
  }

  async car(script: string, command: 'execute' | 'modify' = 'execute'): Promise<void> {
    await this.world.publish(`everest_external/nodered/1/carsim/cmd/${command}_charging_session`, script);
    await this.wait(0);
  }

  async swipe(): Promise<void> {
    const token = { id_token: { value: CARD, type: 'ISO14443' }, authorization_type: 'RFID', connectors: [1] };
    await this.world.publish(this.world.layout.cardTopics[0] ?? '', JSON.stringify(token));
    await this.wait(0);
  }

  /** Plugs in, holds a card to the reader, and charges for a while. */
  async charge(): Promise<void> {
    await this.car('sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000');
    await this.swipe();
    await this.wait(20_000);
    this.look();
  }

  async inject(type: string, raise: boolean): Promise<void> {
    const payload = JSON.stringify({ error_type: type, raise: String(raise) });
    await this.world.publish('everest_external/nodered/1/carsim/error', payload);
    await this.wait(0);
  }

  /** What has come about since the last look. */
  look(): Observed {
    const [erred, opened] = [this.#erredAtMs, this.#openedAtMs];
    const observed: Observed = {
      session: this.#session,
      board: this.#board,
      errors: this.#errors,
      statuses: this.#frames.splice(0).flatMap(statusOf),
      openedAfterMs: erred === undefined || opened === undefined ? undefined : opened - erred,
    };
    this.#session = [];
    this.#board = [];
    this.#errors = [];
    this.#erredAtMs = undefined;
    this.#openedAtMs = undefined;
    return observed;
  }

  /** The error history as it is on disk now. */
  history(): readonly HistoryRow[] {
    const database = new DatabaseSync(join(this.#folder, 'errors.db'), { readOnly: true });
    try {
      const rows = database.prepare('SELECT * FROM errors ORDER BY rowid').all();
      return rows.map((row) => ({
        type: String(row.type),
        sub_type: String(row.sub_type),
        message: String(row.message),
        origin_module: String(row.origin_module),
        origin_implementation: String(row.origin_implementation),
        severity: String(row.severity),
        state: String(row.state),
      }));
    } finally {
      database.close();
    }
  }

  #note({ topic, payload, retained, atMs }: { topic: string; payload: string; retained: boolean; atMs: number }): void {
    if (retained || payload === '') return;
    const { topics } = this.world;
    if (topic === topics.variable('evse_manager_1', 'evse', 'session_event')) {
      this.#session.push(eventName(decodeVariable(payload) as SessionEvent));
    } else if (topic === topics.variable('yeti_driver_1', 'board_support', 'event')) {
      const { event } = decodeVariable(payload) as { event: string };
      this.#board.push(event);
      if (event === 'PowerOff') this.#openedAtMs ??= atMs;
    } else if (/^everest\/modules\/[^/]+\/impl\/[^/]+\/error\//.test(topic)) {
      const { data } = JSON.parse(payload) as { data: ErrorPayload };
      const { origin, type, state } = data;
      const what = state === 'Active' ? 'raised' : 'cleared';
      this.#errors.push(`${what} ${origin.module_id}->${origin.implementation_id} ${type}`);
      this.#erredAtMs ??= atMs;
    }
  }
}

interface SessionEvent {
  readonly event: string;
  readonly charging_paused_evse?: { readonly reasons: readonly string[] };
}

interface ErrorPayload {
  readonly type: string;
  readonly state: string;
  readonly origin: { readonly module_id: string; readonly implementation_id: string };
}

function eventName({ event, charging_paused_evse: pause }: SessionEvent): string {
  return pause ? `${event} [${pause.reasons.join()}]` : event;
}

function statusOf(line: string): Record<string, unknown>[] {
  const { dir, frame } = JSON.parse(line) as { dir: string; frame: readonly unknown[] };
  if (dir !== 'rx' || frame[0] !== 2 || frame[2] !== 'StatusNotification') return [];
  const { timestamp: _, ...payload } = frame[3] as Record<string, unknown>;
  return [payload];
}
