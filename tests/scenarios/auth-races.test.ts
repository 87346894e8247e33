import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTimestamp, silentLogger } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { decodeVariable } from '@chargemesh/framework';
import { matches, VirtualWorld } from '@chargemesh/scenarios';
import { afterEach, describe, expect, jest, test } from '@jest/globals';

jest.setTimeout(120_000);

/** Each frame takes so long: what the CSMS is asked lies in the air while other things happen. */
const FRAME_MS = 100;
/** Between one action and the next: at once, while the CSMS is asked, when it has answered. */
const GAPS_MS: readonly number[] = [0, 150, 60, 320];
/** Whatever was set going has come to its end, but no timeout. */
const QUIET_MS = 6_000;

const WITH_API = 'config/config-sil-api.yaml';

const END = ['UsedToStart', 'UsedToStop', 'UsedToReauthorize', 'Rejected', 'TimedOut', 'Withdrawn'];

type Action = (station: Station) => Promise<unknown>;

/** A whole station in virtual time, CSMS included, that is led through one order of events after another. */
class Station {
  readonly #world: VirtualWorld;
  readonly #folder: string;
  /** `<card> <status>`, since the last {@link tidyUp}. */
  #statuses: string[] = [];
  /** What cards came to at any time. */
  readonly outcomes = new Set<string>();
  #isDisabledOutside = false;
  #started: Record<string, number> = {};
  #transactions = 0;

  private constructor(world: VirtualWorld, folder: string) {
    this.#world = world;
    this.#folder = folder;
    const status = world.topics.variable('auth', 'main', 'token_validation_status');
    world.onMessage(({ topic, payload, retained }) => {
      if (retained) return;
      if (topic === status) {
        const { token, status: said } = decodeVariable(payload) as {
          token: { id_token: { value: string } };
          status: string;
        };
        this.#statuses.push(`${token.id_token.value} ${said}`);
        this.outcomes.add(said);
      }
      for (const { evse, moduleId } of world.layout.evses)
        if (topic === world.topics.variable(moduleId, 'evse', 'session_event'))
          this.#take(evse, decodeVariable(payload));
    });
  }

  /** @param configuration a path in the repository */
  static async start(algorithm: string, configuration: string): Promise<Station> {
    const folder = mkdtempSync(join(tmpdir(), 'chargemesh-races-'));
    const text = readFileSync(join(repositoryFolder, configuration), 'utf8');
    const configFile = join(folder, 'mesh.yaml');
    writeFileSync(configFile, text.replace('selection_algorithm: PlugEventsLIFO', `selection_algorithm: ${algorithm}`));
    const world = await VirtualWorld.create({
      configFile,
      station: 'cp001',
      seed: 1,
      log: silentLogger,
      transcript: () => {},
    });
    const station = new Station(world, folder);
    await world.start();
    await station.wait(10_000);
    await world.setLink({ kind: 'slow', delayMs: FRAME_MS });
    return station;
  }

  async stop(): Promise<void> {
    await this.#world.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async wait(ms: number): Promise<void> {
    await this.#world.until(() => false, ms);
  }

  async swipe(value: string, evse?: number): Promise<void> {
    const token = {
      id_token: { value, type: 'ISO14443' },
      authorization_type: 'RFID',
      ...(evse && { connectors: [evse] }),
    };
    await this.#world.publish(this.#world.layout.cardTopics[0] ?? '', JSON.stringify(token));
  }

  async plug(evse: number): Promise<void> {
    const topic = `everest_external/nodered/${evse}/carsim/cmd`;
    await this.#world.publish(`${topic}/enable`, 'true');
    await this.#world.publish(
      `${topic}/execute_charging_session`,
      'iec_wait_pwr_ready;draw_power_regulated 16,3;sleep 36000',
    );
  }

  /** A program that commands the station by the topics of the API. */
  async api(evse: number, command: 'disable' | 'stop_charging'): Promise<void> {
    this.#isDisabledOutside ||= command === 'disable';
    await this.#world.publish(`everest_api/evse_manager_${evse}/cmd/${command}`, '0');
  }

  /** As the program of a maintainer does. */
  async outside(evse: number, command: 'enable' | 'disable'): Promise<void> {
    this.#isDisabledOutside ||= command === 'disable';
    await this.#world.publish(`everest_external/nodered/${evse}/cmd/${command}`, String(evse));
  }

  /** An error of the board, that opens the relay. */
  async fault(evse: number, raise: boolean): Promise<void> {
    const error = { error_type: 'MREC6UnderVoltage', raise: String(raise) };
    await this.#world.publish(`everest_external/nodered/${evse}/carsim/error`, JSON.stringify(error));
  }

  async command(name: string, args: object): Promise<void> {
    const implementation = name.endsWith('_reservation') || name === 'reserve_now' ? 'reservation' : 'main';
    const asked = { data: { args, id: `${name}-${this.#world.clock.monotonicMs()}`, origin: 'race' }, msg_type: 'Cmd' };
    await this.#world.publish(this.#world.topics.command('auth', implementation, name), JSON.stringify(asked));
  }

  /** Nobody waits for the answer: it is one of the things that happen meanwhile. */
  csms(action: string, payload: Record<string, unknown>): void {
    void this.#world.csms.call(this.#world.station, action, payload, { timeoutMs: 30_000 }).catch(() => undefined);
  }

  reserve(connectorId: number, idTag: string, more: object = {}): void {
    const expiryDate = formatTimestamp(this.#world.clock.wallMs() + 3_600_000);
    this.csms('ReserveNow', { connectorId, idTag, reservationId: 7, expiryDate, ...more });
  }

  /** What the CSMS knows of transactions since the last {@link tidyUp}. */
  get transactions(): ReturnType<VirtualWorld['csms']['ledger']>['transactions'] {
    return this.#world.csms.ledger(this.#world.station).transactions.slice(this.#transactions);
  }

  /** What holds after any order of events. @returns what does not */
  broken(): string[] {
    const begun = Object.values(this.#started).reduce((sum, count) => sum + count, 0);
    const processing = this.#statuses.filter((status) => status.endsWith(' Processing'));
    const cards = new Set(processing.map((status) => status.split(' ')[0] ?? ''));
    const authorized = this.#statuses.filter((status) => status.endsWith(' UsedToStart'));
    return [
      ...[...cards].flatMap((card) => {
        const begins = processing.filter((status) => status.startsWith(`${card} `)).length;
        const ends = this.#statuses.filter((status) => END.some((end) => status === `${card} ${end}`)).length;
        // One that was authorized may be taken back later.
        return ends < begins ? [`${card} was left in ${begins - ends} of ${begins} processes`] : [];
      }),
      ...(this.transactions.length === begun
        ? []
        : [`${begun} transactions began, the CSMS knows ${this.transactions.length}`]),
      ...(begun <= authorized.length ? [] : [`${begun} transactions for ${authorized.length} authorizations`]),
      ...this.#world.csms.violations.map(({ rule, message }) => `${rule}: ${message}`),
      ...this.#world.findings().map(({ rule, message }) => `${rule}: ${message}`),
    ];
  }

  /** Everybody leaves; a station that has lost nothing is as it was. @returns what is not */
  async tidyUp(): Promise<string[]> {
    for (const evse of [1, 2]) {
      // What is enabled there cannot be disabled by the CSMS any more.
      if (this.#isDisabledOutside) await this.outside(evse, 'enable');
      await this.fault(evse, false);
      this.csms('ChangeAvailability', { connectorId: evse, type: 'Operative' });
      await this.#world.publish(`everest_external/nodered/${evse}/carsim/cmd/modify_charging_session`, 'unplug');
    }
    this.csms('CancelReservation', { reservationId: 7 });
    await this.command('withdraw_authorization', { request: {} });
    await this.wait(QUIET_MS);
    const evses = await this.#world.evses();
    const open = this.transactions.filter(({ stopped, superseded }) => stopped === null || superseded);
    const left = evses.flatMap(({ evse, status, session }) =>
      status === 'Available' && session === undefined ? [] : [`EVSE ${evse} stays ${status}`],
    );
    this.#statuses = [];
    this.#started = {};
    this.#transactions += this.transactions.length;
    return [
      ...left,
      ...(open.length > 0 ? [`transactions of ${open.map(({ idTag }) => idTag).join(', ')} stay open`] : []),
    ];
  }

  #take(evse: number, event: unknown): void {
    if (matches(event, { event: 'TransactionStarted' })) this.#started[evse] = (this.#started[evse] ?? 0) + 1;
  }
}

const swipe =
  (card: string, evse?: number): Action =>
  (station) =>
    station.swipe(card, evse);
const plug =
  (evse: number): Action =>
  (station) =>
    station.plug(evse);
const csms =
  (action: string, payload: Record<string, unknown>): Action =>
  async (station) =>
    station.csms(action, payload);

interface Story {
  readonly what: string;
  readonly algorithm?: string;
  /** Where the default has not all that is needed. */
  readonly configuration?: string;
  readonly actions: Readonly<Record<string, Action>>;
  /** What cards come to in one order or another. */
  readonly outcomes?: readonly string[];
  /** What holds besides. @returns whether it does */
  readonly always?: (transactions: Station['transactions']) => boolean;
}

const at = (transactions: Station['transactions'], connectorId: number): string[] =>
  transactions.filter((transaction) => transaction.connectorId === connectorId).map(({ idTag }) => idTag);

const stories: readonly Story[] = [
  {
    what: 'two cards and a car',
    actions: { A: swipe('A', 1), B: swipe('B', 1), plug: plug(1) },
    always: (transactions) => at(transactions, 1).length === 1,
  },
  {
    what: 'two cards, two cars, no EVSE named',
    algorithm: 'PlugEventsFIFO',
    outcomes: ['UsedToStart'],
    actions: { A: swipe('A'), B: swipe('B'), 'plug 1': plug(1), 'plug 2': plug(2) },
    always: (transactions) =>
      transactions
        .map(({ idTag }) => idTag)
        .sort()
        .join() === 'A,B',
  },
  {
    what: 'a remote start, a card and a car',
    actions: {
      remote: csms('RemoteStartTransaction', { connectorId: 1, idTag: 'R' }),
      A: swipe('A', 1),
      plug: plug(1),
    },
    always: (transactions) => at(transactions, 1).length === 1,
  },
  {
    what: 'a remote start of any connector, a card and two cars',
    actions: {
      remote: csms('RemoteStartTransaction', { idTag: 'R' }),
      A: swipe('A', 1),
      'plug 1': plug(1),
      'plug 2': plug(2),
    },
    always: (transactions) => at(transactions, 1).length <= 1 && at(transactions, 2).length <= 1,
  },
  {
    what: 'an EVSE that is disabled from outside, a card and a car',
    actions: {
      A: swipe('A', 1),
      disable: (station) => station.outside(1, 'disable'),
      plug: plug(1),
    },
  },
  {
    what: 'an EVSE that is disabled and enabled by the CSMS, a card and a car',
    actions: {
      A: swipe('A', 1),
      disable: csms('ChangeAvailability', { connectorId: 1, type: 'Inoperative' }),
      enable: csms('ChangeAvailability', { connectorId: 1, type: 'Operative' }),
      plug: plug(1),
    },
  },
  {
    what: 'an EVSE that breaks and is mended, a card and a car',
    actions: {
      A: swipe('A', 1),
      'it breaks': (station) => station.fault(1, true),
      'it is mended': (station) => station.fault(1, false),
      plug: plug(1),
    },
    always: (transactions) => at(transactions, 1).length <= 1,
  },
  {
    what: 'a reservation, its card, a stranger and a car',
    actions: {
      reserve: async (station) => station.reserve(1, 'RES'),
      RES: swipe('RES', 1),
      STRANGER: swipe('STRANGER', 1),
      plug: plug(1),
    },
    always: (transactions) => at(transactions, 1).length <= 1,
  },
  {
    what: 'a reservation, its end and its card',
    outcomes: ['UsedToStart'],
    actions: {
      reserve: async (station) => station.reserve(1, 'RES'),
      cancel: csms('CancelReservation', { reservationId: 7 }),
      RES: swipe('RES', 1),
    },
  },
  {
    what: 'a remote start, a card, a car, and the API that disables the EVSE',
    configuration: WITH_API,
    actions: {
      remote: csms('RemoteStartTransaction', { connectorId: 1, idTag: 'R' }),
      A: swipe('A', 1),
      disable: (station) => station.api(1, 'disable'),
      plug: plug(1),
    },
    always: (transactions) => at(transactions, 1).length <= 1,
  },
  {
    what: 'a reservation, its card, a car, and the API that stops what charges',
    configuration: WITH_API,
    outcomes: ['UsedToStart'],
    actions: {
      reserve: async (station) => station.reserve(1, 'RES'),
      RES: swipe('RES', 1),
      stop: (station) => station.api(1, 'stop_charging'),
      plug: plug(1),
    },
    always: (transactions) => at(transactions, 1).length <= 1,
  },
  {
    what: 'a withdrawal, two cards and a car',
    outcomes: ['UsedToStart', 'Rejected', 'Withdrawn'],
    actions: {
      A: swipe('A', 1),
      withdraw: (station) => station.command('withdraw_authorization', { request: { evse_id: 1 } }),
      B: swipe('B', 1),
      plug: plug(1),
    },
    always: (transactions) => transactions.filter(({ stopped }) => stopped === null).length <= 1,
  },
];

function* orders(names: readonly string[]): Generator<readonly string[]> {
  if (names.length === 0) yield [];
  for (const name of names) for (const rest of orders(names.filter((other) => other !== name))) yield [name, ...rest];
}

describe('whatever comes first', () => {
  let station: Station | undefined;
  afterEach(async () => {
    await station?.stop();
    station = undefined;
  });

  test.each(stories)('$what', async (story) => {
    const { algorithm = 'FindFirst', configuration = 'config-sil-ocpp.yaml', actions, always } = story;
    const { outcomes = ['UsedToStart', 'Rejected'] } = story;
    station = await Station.start(algorithm, configuration);
    const broken: string[] = [];
    // Of four actions there are many orders.
    for (const gapMs of GAPS_MS.slice(0, Object.keys(actions).length > 3 ? 2 : undefined))
      for (const order of orders(Object.keys(actions))) {
        for (const name of order) {
          await actions[name]?.(station);
          await station.wait(gapMs);
        }
        await station.wait(QUIET_MS);
        const found = station.broken();
        if (always && !always(station.transactions))
          found.push(
            `transactions of ${station.transactions.map(({ connectorId, idTag }) => `${idTag} at ${connectorId}`).join(', ')}`,
          );
        found.push(...(await station.tidyUp()));
        broken.push(...found.map((what) => `${order.join(', ')} (${gapMs} ms): ${what}`));
      }
    expect(broken).toEqual([]);
    expect([...station.outcomes]).toEqual(expect.arrayContaining([...outcomes]));
  });
});
