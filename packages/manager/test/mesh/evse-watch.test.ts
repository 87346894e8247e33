import { VirtualClock } from '@chargemesh/base';
import { type Bus, encodeVariable, MemoryBroker, Topics } from '@chargemesh/framework';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type EvseActivity, EvseWatch } from '../../src/index.ts';
import { recording } from '../recordings.ts';
import { referencePath } from '../reference.ts';

const topics = new Topics();
const layout = [1, 2].map((evse) => ({
  evse,
  moduleId: `connector_${evse}`,
  connectorId: evse,
  boardId: undefined,
  car: undefined,
}));
const uuid = '2f3a8c9e-0000-4000-8000-000000000000';
const since = '2026-01-01T12:00:00.000Z';

let clock: VirtualClock;
let bus: Bus;
let watch: EvseWatch;

beforeEach(async () => {
  clock = new VirtualClock();
  const broker = new MemoryBroker();
  bus = broker.connect();
  const own = broker.connect();
  watch = await EvseWatch.start({ topics, subscribe: (filters, listener) => own.subscribe(filters, listener) }, layout);
});

async function say(topic: string, payload: string): Promise<EvseActivity> {
  await bus.publish(topic, payload);
  await clock.settle();
  const [first] = watch.activities();
  if (!first) throw new RangeError('there is no EVSE');
  return first;
}

const event = (name: string, details: object = {}): Promise<EvseActivity> =>
  say(
    topics.variable('connector_1', 'evse', 'session_event'),
    encodeVariable({ event: name, uuid, timestamp: since, ...details }),
  );
const started = {
  transaction_started: {
    id_tag: { id_token: { value: 'TAG1', type: 'ISO14443' } },
    meter_value: { energy_Wh_import: { total: 100 } },
  },
};

describe('the status of a connector', () => {
  test('through a session', async () => {
    const seen: string[] = [];
    for (const name of [
      'SessionStarted',
      'AuthRequired',
      'Authorized',
      'TransactionStarted',
      'PrepareCharging',
      'ChargingStarted',
      'ChargingPausedEV',
      'ChargingPausedEVSE',
      'ChargingStarted',
      'SwitchingPhases',
      'StoppingCharging',
      'ChargingFinished',
      'TransactionFinished',
      'SessionFinished',
    ])
      seen.push((await event(name, name === 'TransactionStarted' ? started : {})).status);
    expect(seen).toEqual([
      'Preparing',
      'Preparing',
      'Preparing',
      'Preparing',
      'Preparing',
      'Charging',
      'SuspendedEV',
      'SuspendedEVSE',
      'Charging',
      'SuspendedEVSE',
      'SuspendedEVSE',
      'SuspendedEVSE',
      'Finishing',
      'Available',
    ]);
  });

  test('without one: reserved and unavailable, which a session lies over', async () => {
    expect((await event('ReservationStart')).status).toBe('Reserved');
    expect((await event('ReservationEnd')).status).toBe('Available');
    await event('ReservationStart');
    expect((await event('SessionStarted')).status).toBe('Preparing');
    expect((await event('SessionFinished')).status).toBe('Available');
    expect((await event('Disabled')).status).toBe('Unavailable');
    expect((await event('SessionStarted')).status).toBe('Preparing');
    expect((await event('SessionFinished')).status).toBe('Unavailable');
    expect((await event('Enabled')).status).toBe('Available');
  });

  test('of a session that was resumed', async () => {
    expect(await event('SessionResumed')).toMatchObject({
      status: 'SuspendedEVSE',
      session: { id: uuid, transaction: true },
    });
    const finished = (reason: string) => ({ transaction_finished: { reason } });
    expect(await event('TransactionFinished', finished('Local'))).toMatchObject({ status: 'Finishing' });
    await event('SessionResumed');
    expect(await event('TransactionFinished', finished('PowerLoss'))).toMatchObject({
      status: 'Available',
      session: undefined,
    });
    // One that the EVSE saw from its beginning goes on until the car is gone.
    await event('SessionStarted');
    expect(await event('TransactionFinished', finished('PowerLoss'))).toMatchObject({ status: 'Finishing' });
  });

  test('is Unavailable while its module is gone, and its session is over', async () => {
    await event('SessionStarted');
    expect(await say(topics.status('connector_1'), '{"state":"ready"}')).toMatchObject({ status: 'Preparing' });
    expect(await say(topics.status('connector_1'), '{"state":"gone"}')).toMatchObject({
      status: 'Unavailable',
      session: undefined,
    });
    await say(topics.status('connector_1'), '{"state":"ready"}');
    expect((await event('Enabled')).status).toBe('Available');
  });

  test('knows card and meter of the session that goes on when its module is back, and of no other', async () => {
    await event('SessionStarted');
    const id_tag = { id_token: { value: 'DEADBEEF', type: 'ISO14443' } };
    const meter_value = { energy_Wh_import: { total: 40 } };
    const { session } = await event('TransactionStarted', { transaction_started: { id_tag, meter_value } });
    expect(session).toMatchObject({ idTag: 'DEADBEEF', startWh: 40 });
    for (const state of ['gone', 'ready', 'gone', 'ready'])
      await say(topics.status('connector_1'), JSON.stringify({ state }));
    expect((await event('SessionResumed')).session).toEqual(session);
    await say(topics.status('connector_1'), '{"state":"gone"}');
    expect((await event('SessionResumed', { uuid: 'another' })).session).toMatchObject({
      id: 'another',
      idTag: undefined,
    });
  });

  test('is Faulted by what makes the EVSE inoperative alone', async () => {
    const errors = (...types: string[]): Promise<EvseActivity> =>
      say(topics.keptErrors('connector_1', 'evse'), JSON.stringify(types.map((type) => ({ type, message: 'why' }))));
    await event('SessionStarted');
    expect(await errors('evse_manager/Other')).toMatchObject({
      status: 'Preparing',
      faults: [{ type: 'evse_manager/Other', message: 'why' }],
    });
    expect((await errors('evse_manager/Other', 'evse_manager/Inoperative')).status).toBe('Faulted');
    expect(await errors()).toMatchObject({ status: 'Preparing', faults: [] });
    await errors('evse_manager/Inoperative');
    expect(await say(topics.keptErrors('connector_1', 'evse'), '')).toMatchObject({ status: 'Preparing', faults: [] });
  });
});

test('a transaction: its card, and what the meter read when it began', async () => {
  expect((await event('SessionStarted')).session).toEqual({
    id: uuid,
    since,
    transaction: false,
    idTag: undefined,
    startWh: undefined,
  });
  expect((await event('TransactionStarted', started)).session).toEqual({
    id: uuid,
    since,
    transaction: true,
    idTag: 'TAG1',
    startWh: 100,
  });
  expect((await event('TransactionFinished')).session).toMatchObject({ transaction: false, idTag: 'TAG1' });
});

test('meter and limits, live and kept', async () => {
  const reading = { power_W: { total: 11_000 }, energy_Wh_import: { total: 1_234 }, timestamp: since };
  const live = await say(topics.variable('connector_1', 'evse', 'powermeter'), encodeVariable(reading));
  expect(live).toMatchObject({ powerW: 11_000, registerWh: 1_234, limitA: undefined });
  const kept = JSON.stringify({ data: { max_current: 16, nr_of_phases_available: 3 }, timestamp: since });
  expect(await say(topics.keptVariable('connector_1', 'evse', 'limits'), kept)).toMatchObject({
    powerW: 11_000,
    limitA: 16,
  });
});

test('what is no value changes nothing, and the other EVSE is not concerned', async () => {
  const before = await event('SessionStarted');
  for (const payload of ['', '{', '7', '{"msg_type":"Cmd","data":{}}'])
    expect(await say(topics.variable('connector_1', 'evse', 'session_event'), payload)).toEqual(before);
  expect(watch.activities().map(({ evse, status }) => [evse, status])).toEqual([
    [1, 'Preparing'],
    [2, 'Available'],
  ]);
});

interface Moment {
  readonly t: number;
  readonly status: string;
}

/** What a person could have seen: statuses that lasted for a moment at least. */
function lasting(moments: readonly Moment[]): string[] {
  const seen: string[] = [];
  for (const [index, { t, status }] of moments.entries()) {
    const next = moments[index + 1];
    if ((next === undefined || next.t - t > 0.2) && seen.at(-1) !== status) seen.push(status);
  }
  return seen;
}

interface Frame {
  readonly t: number;
  readonly dir: string;
  readonly frame: readonly [number, string, string, { readonly connectorId: number; readonly status: string }];
}

const withRecordings = referencePath('golden') === undefined ? describe.skip : describe;

withRecordings('in a recording of EVerest the status is the one that its OCPP module told the CSMS', () => {
  test.each(['session', 'unplugstop', 'remote', 'reserve', 'availability'])('%s', async (scenario) => {
    const own: Moment[] = [];
    for (const { t, topic, payload } of recording<{ t: number; topic: string; payload: string }>(`bus-${scenario}`))
      if (topic === topics.variable('connector_1', 'evse', 'session_event'))
        own.push({ t, ...(await say(topic, payload)) });
    const told = recording<Frame>(`ocpp-${scenario}`).flatMap(({ t, dir, frame }): Moment[] =>
      dir === 'rx' && frame[2] === 'StatusNotification' && frame[3].connectorId === 1
        ? [{ t, status: frame[3].status }]
        : [],
    );
    expect(told.length).toBeGreaterThan(2);
    expect(lasting(own)).toEqual(lasting(told));
  });
});
