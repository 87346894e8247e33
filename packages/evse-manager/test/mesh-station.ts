import { type Logger, silentLogger } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { boardCapabilities, type Probe, TestMesh } from '@chargemesh/testkit';
import { EvseManagerModule } from '../src/index.ts';

type Letter = types.board_support_common.BspEvent['event'];

const signed = (data: string) => ({ signed_meter_data: data, signing_method: 'dummy', encoding_method: 'plain' });

/** An EVSE in a mesh of played peers: board, meter, lock, store and the energy tree above it. */
export class MeshStation {
  readonly mesh: TestMesh;
  /** What the module under test logged as an error. */
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly board: Probe;
  readonly store: Probe | undefined;
  /** Modem and speaker of ISO 15118. */
  readonly carLink: Probe | undefined;
  readonly #energy: Probe;

  constructor(
    options: {
      config?: Record<string, string | number | boolean>;
      stateDir?: string;
      store?: boolean;
      lock?: boolean;
      /** Modem and speaker of ISO 15118 are there. */
      carLink?: boolean;
      /** The run of the manager, under which it may die and go on. */
      run?: string;
      seed?: number;
    } = {},
  ) {
    const { config, lock = true } = options;
    const log: Logger = {
      ...silentLogger,
      error: (message) => this.errors.push(message),
      warn: (message) => this.warnings.push(message),
      child: () => log,
    };
    this.mesh = new TestMesh({
      log,
      ...(options.stateDir !== undefined && { stateDir: options.stateDir }),
      ...(options.seed !== undefined && { seed: options.seed }),
    });
    this.board = this.mesh.probe('board', {
      board_support: 'evse_board_support',
      powermeter: 'powermeter',
      connector_lock: 'connector_lock',
    });
    this.board.answer('powermeter', 'start_transaction', () => ({
      status: 'OK',
      signed_meter_value: signed('start'),
    }));
    this.board.answer('powermeter', 'stop_transaction', () => ({ status: 'OK', signed_meter_value: signed('stop') }));
    this.store = options.store ? this.mesh.probe('store', { main: 'kvs' }) : undefined;
    this.carLink = options.carLink ? this.mesh.probe('link', { slac: 'slac', hlc: 'ISO15118_charger' }) : undefined;
    this.#energy = this.mesh.probe('grid', {});
    this.mesh.add(EvseManagerModule, {
      id: 'connector_1',
      config: { connector_id: 1, evse_id: '1', ...config },
      connections: {
        bsp: [['board', 'board_support']],
        powermeter_grid_side: [['board', 'powermeter']],
        ...(lock && { connector_lock: [['board', 'connector_lock']] }),
        ...(this.store && { store: [['store', 'main']] }),
        ...(this.carLink && { slac: [['link', 'slac']], hlc: [['link', 'hlc']] }),
      },
      mapping: { evse: 1 },
      ...(options.run !== undefined && { runOptions: { run: options.run } }),
    });
  }

  /** Ends the test. @throws where the module logged an error */
  async stop(): Promise<void> {
    await this.mesh.stop();
    if (this.errors.length > 0) throw new Error(this.errors.join('\n'));
  }

  /** Starts the mesh; the board tells what it can do and what it sees. */
  async start(letter: Letter = 'A', limitA: number = 32): Promise<void> {
    await this.mesh.start();
    this.capabilities({});
    this.meter(1000);
    await this.mesh.settle();
    await this.letter(letter);
    await this.limit(limitA);
  }

  /** The board tells what it can do. */
  capabilities(more: Partial<types.evse_board_support.HardwareCapabilities>): void {
    this.board.publish('board_support', 'capabilities', { ...boardCapabilities, ...more });
  }

  /** OCPP tells what becomes of a transaction whose car is unplugged. */
  unplugging(text: string): void {
    this.mesh.external.publish('chargemesh/modules/ocpp/unplugging', text);
  }

  /** The board's module leaves the mesh, or returns. */
  presence(state: 'gone' | 'ready'): void {
    this.mesh.external.publish(this.mesh.topics.status('board'), JSON.stringify({ state }));
  }

  async letter(...letters: readonly Letter[]): Promise<void> {
    for (const event of letters) this.board.publish('board_support', 'event', { event });
    await this.mesh.settle();
  }

  meter(energyWh: number, currentA: number = 0): void {
    this.board.publish('powermeter', 'powermeter', {
      timestamp: '2026-01-01T00:00:00.000Z',
      energy_Wh_import: { total: energyWh },
      current_A: { L1: currentA, L2: currentA, L3: currentA },
    });
  }

  /** A limit as the energy tree enforces it, valid for a long time so that tests need not renew it. */
  limit(limitA: number, validForS: number = 100_000): Promise<void> {
    return this.enforce({
      valid_for: validForS,
      limits_root_side: { ac_max_current_A: { value: limitA, source: 'test' } },
    });
  }

  async enforce(limits: Partial<types.energy.EnforcedLimits>): Promise<void> {
    void this.#energy.call('connector_1', 'energy_grid', 'enforce_limits', {
      value: { uuid: 'connector_1', valid_for: 100_000, limits_root_side: {}, schedule: [], ...limits },
    });
    await this.mesh.settle();
  }

  evse(command: string, args: object = {}): Promise<unknown> {
    return this.mesh.call('connector_1', 'evse', command, args);
  }

  async authorize(value: string = 'TAG1', status: string = 'Accepted'): Promise<void> {
    await this.evse('authorize_response', {
      provided_token: { id_token: { value, type: 'ISO14443' }, authorization_type: 'RFID' },
      validation_result: { authorization_status: status, tariff_messages: [] },
    });
  }

  /** Plugs in, authorises, and lets the car draw. */
  async charge(): Promise<void> {
    await this.letter('B');
    await this.authorize();
    await this.letter('C');
    await this.letter('PowerOn');
  }

  get sessionEvents(): readonly types.evse_manager.SessionEvent[] {
    return this.mesh.values('connector_1', 'evse', 'session_event');
  }

  get eventNames(): readonly string[] {
    return this.sessionEvents.map(({ event }) => event);
  }

  /** The session events since this was last asked. */
  newEvents(): readonly string[] {
    const names = this.eventNames.slice(this.#seen);
    this.#seen += names.length;
    return names;
  }
  #seen = 0;

  /** The commands that the board was given, in order, with what tells them apart. */
  get boardCalls(): readonly string[] {
    return this.board.calls('board_support').map(({ command, args }) => {
      if (command === 'pwm_on') return `pwm_on ${(args.value as number).toFixed(2)}`;
      if (command === 'allow_power_on') return `allow_power_on ${args.value.allow_power_on}`;
      if (command === 'enable' || command.startsWith('ac_')) return `${command} ${args.value}`;
      return command;
    });
  }

  /** The offers that the board was told to show. */
  get pwm(): readonly string[] {
    return this.boardCalls.filter((call) => call.startsWith('pwm_on'));
  }

  /** The errors of the EVSE, raised or cleared, in order. */
  get rawErrors(): readonly { readonly type: string; readonly state: string }[] {
    return this.mesh.external
      .messages('everest/modules/connector_1/impl/evse/error/#')
      .map(({ payload }) => JSON.parse(payload).data);
  }

  /** The types of the EVSE's errors that are active now. */
  get activeErrors(): readonly string[] {
    const active = new Set<string>();
    for (const { type, state } of this.rawErrors) {
      if (state === 'Active') active.add(type);
      else active.delete(type);
    }
    return [...active];
  }

  /** The state as programs outside see it. */
  get state(): string | undefined {
    return this.mesh.external.messages('everest_external/nodered/1/state/state_string').at(-1)?.payload;
  }
}
