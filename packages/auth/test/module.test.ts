import { type Probe, TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import { AuthModule } from '../src/module.ts';

const METER = { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 0 } };
const TAG = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID', connectors: [1] };

interface Setting {
  mesh: TestMesh;
  evse: Probe;
  reader: Probe;
  ocpp: Probe;
  statuses: () => string[];
  event: (event: string, more?: object) => Promise<void>;
}

async function start(
  options: { config?: Record<string, string | number | boolean>; kvs?: boolean; evseAnswersAfterMs?: number } = {},
): Promise<Setting> {
  const mesh = new TestMesh();
  mesh.add(AuthModule, {
    id: 'auth',
    config: { connection_timeout: 20, ...options.config },
    connections: {
      token_provider: [
        ['reader', 'main'],
        ['ocpp', 'auth_provider'],
      ],
      token_validator: [['ocpp', 'auth_validator']],
      evse_manager: [['connector_1', 'evse']],
      ...(options.kvs && { kvs: [['store', 'main'] as const] }),
    },
  });
  const evse = mesh.probe('connector_1', { evse: 'evse_manager' });
  const reader = mesh.probe('reader', { main: 'auth_token_provider' });
  const ocpp = mesh.probe('ocpp', { auth_provider: 'auth_token_provider', auth_validator: 'auth_token_validator' });
  evse.answer('evse', 'get_evse', async () => {
    if (options.evseAnswersAfterMs !== undefined) await mesh.clock.sleep(options.evseAnswersAfterMs);
    return { id: 1, connectors: [{ id: 1, type: 'Unknown' }] };
  });
  evse.answer('evse', 'stop_transaction', () => true);
  evse.answer('evse', 'reserve', () => true);
  ocpp.answer('auth_validator', 'validate_token', () => ({ authorization_status: 'Accepted', tariff_messages: [] }));
  if (options.kvs) {
    const kept = new Map<string, unknown>();
    const kvs = mesh.probe('store', { main: 'kvs' });
    kvs.answer('main', 'load', ({ key }: { key: string }) => kept.get(key) ?? null);
    kvs.answer('main', 'store', ({ key, value }: { key: string; value: unknown }) => {
      kept.set(key, value);
      return null;
    });
  }
  await mesh.start();
  return {
    mesh,
    evse,
    reader,
    ocpp,
    statuses: () => mesh.values('auth', 'main', 'token_validation_status').map(({ status }) => status),
    event: async (event, more = {}) => {
      evse.publish('evse', 'session_event', { uuid: 'a-session', timestamp: METER.timestamp, event, ...more });
      await mesh.settle();
    },
  };
}

const plugged = { session_started: { reason: 'EVConnected', meter_value: METER } };
const charging = { transaction_started: { id_tag: TAG, meter_value: METER } };

describe('a session on the bus', () => {
  test('plug, card, charge, card', async () => {
    const { mesh, evse, reader, ocpp, event } = await start();
    await event('SessionStarted', plugged);
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(ocpp.calls('auth_validator', 'validate_token').map(({ args }) => args)).toEqual([{ provided_token: TAG }]);
    expect(evse.calls('evse', 'authorize_response').map(({ args }) => args)).toEqual([
      { provided_token: TAG, validation_result: { authorization_status: 'Accepted', tariff_messages: [] } },
    ]);
    expect(mesh.values('auth', 'main', 'token_validation_status')).toEqual(
      ['Processing', 'Accepted', 'UsedToStart'].map((status) => ({ token: TAG, status, messages: [] })),
    );
    await event('TransactionStarted', charging);
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(evse.calls('evse', 'stop_transaction').map(({ args }) => args)).toEqual([
      { request: { reason: 'Local', id_tag: TAG } },
    ]);
  });

  test('a card that is held to the reader before the EVSE is known waits for it', async () => {
    const setting = await start({ evseAnswersAfterMs: 1_000 });
    await setting.event('SessionStarted', plugged);
    setting.reader.publish('main', 'provided_token', TAG);
    await setting.mesh.settle();
    expect(setting.statuses()).toEqual([]);
    await setting.mesh.clock.advance(1_000);
    expect(setting.statuses()).toEqual(['Processing', 'Accepted', 'UsedToStart']);
  });

  test('a remote start goes the same way', async () => {
    const { mesh, ocpp, evse, statuses } = await start();
    const remote = {
      ...TAG,
      id_token: { value: 'R', type: 'Central' },
      authorization_type: 'OCPP',
      prevalidated: false,
    };
    ocpp.publish('auth_provider', 'provided_token', remote);
    await mesh.settle();
    expect(statuses()).toEqual(['Processing', 'Accepted', 'UsedToStart']);
    await mesh.clock.advance(20_000);
    expect(evse.calls('evse', 'withdraw_authorization')).toHaveLength(1);
    expect(statuses().at(-1)).toBe('TimedOut');
  });

  test('a refused card is told to its EVSE', async () => {
    const { mesh, evse, reader, ocpp, statuses } = await start();
    ocpp.answer('auth_validator', 'validate_token', () => ({ authorization_status: 'Invalid', tariff_messages: [] }));
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(evse.calls('evse', 'authorize_response')[0]?.args.validation_result.authorization_status).toBe('Invalid');
    expect(statuses()).toEqual(['Processing', 'Rejected']);
  });

  test('an inoperative EVSE takes no card until the error is cleared', async () => {
    const { mesh, evse, reader, statuses } = await start();
    evse.raise('evse', { type: 'evse_manager/Inoperative' });
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(statuses()).toEqual(['Processing', 'Rejected']);
    evse.clear('evse', 'evse_manager/Inoperative');
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(statuses().at(-1)).toBe('UsedToStart');
  });

  test('an EVSE whose module left takes no card; when it is back it is asked anew and reminded', async () => {
    const { mesh, evse, reader, statuses } = await start();
    const say = async (state: string): Promise<void> => {
      mesh.external.publish(mesh.topics.status('connector_1'), JSON.stringify({ state }));
      await mesh.settle();
    };
    const request = { reservation_id: 7, id_token: 'TAG1', expiry_time: '2026-01-01T01:00:00.000Z', evse_id: 1 };
    await mesh.call('auth', 'reservation', 'reserve_now', { request });
    await say('ready');
    await say('gone');
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(statuses()).toEqual(['Processing', 'Rejected']);
    evse.forgetCalls();
    await say('ready');
    expect(evse.calls('evse').map(({ command }) => command)).toEqual(['get_evse', 'reserve']);
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(statuses().at(-1)).toBe('UsedToStart');
  });

  test('a validator that thinks anew is heard', async () => {
    const { mesh, reader, ocpp, statuses } = await start();
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    ocpp.publish('auth_validator', 'validate_result_update', {
      connector_id: 1,
      validation_result: { authorization_status: 'Accepted', tariff_messages: [] },
    });
    await mesh.settle();
    expect(statuses().at(-1)).toBe('Accepted');
  });
});

describe('commands', () => {
  test('set_connection_timeout', async () => {
    const { mesh, evse, reader } = await start();
    await mesh.call('auth', 'main', 'set_connection_timeout', { connection_timeout: 60 });
    reader.publish('main', 'provided_token', TAG);
    await mesh.clock.advance(59_999);
    expect(evse.calls('evse', 'withdraw_authorization')).toHaveLength(0);
    await mesh.clock.advance(1);
    expect(evse.calls('evse', 'withdraw_authorization')).toHaveLength(1);
  });

  test('the master pass group, configured and set', async () => {
    const { mesh, reader, ocpp, evse, event } = await start({ config: { master_pass_group_id: 'MASTER' } });
    const answer = (value: string): void =>
      ocpp.answer('auth_validator', 'validate_token', () => ({
        authorization_status: 'Accepted',
        tariff_messages: [],
        parent_id_token: { value, type: 'Central' },
      }));
    const swipe = async (value: string): Promise<void> => {
      reader.publish('main', 'provided_token', { ...TAG, id_token: { value, type: 'ISO14443' } });
      await mesh.settle();
    };
    await event('SessionStarted', plugged);
    await event('TransactionStarted', charging);
    answer('MASTER');
    await swipe('CHIEF');
    expect(evse.calls('evse', 'stop_transaction').map(({ args }) => args.request.reason)).toEqual(['MasterPass']);
    await mesh.call('auth', 'main', 'set_master_pass_group_id', { master_pass_group_id: '' });
    await swipe('CHIEF');
    expect(evse.calls('evse', 'stop_transaction')).toHaveLength(1);
    await mesh.call('auth', 'main', 'set_master_pass_group_id', { master_pass_group_id: 'OTHERS' });
    answer('OTHERS');
    await swipe('CHIEF');
    expect(evse.calls('evse', 'stop_transaction')).toHaveLength(2);
  });

  test('withdraw_authorization', async () => {
    const { mesh, reader, statuses } = await start();
    reader.publish('main', 'provided_token', TAG);
    await mesh.settle();
    expect(await mesh.call('auth', 'main', 'withdraw_authorization', { request: { evse_id: 1 } })).toBe('Accepted');
    expect(statuses().at(-1)).toBe('Withdrawn');
  });

  test('an algorithm that exists in name only is refused at the start', async () => {
    await expect(start({ config: { selection_algorithm: 'UserInput' } })).rejects.toThrow(
      'auth: selection_algorithm: UserInput exists in name only; use one of PlugEvents, PlugEventsFIFO, PlugEventsLIFO, FindFirst',
    );
  });
});

describe('reservations', () => {
  const RESERVE = { reservation_id: 7, id_token: 'RES1', expiry_time: '2026-01-01T00:10:00.000Z', evse_id: 1 };

  test('reserve, ask, cancel', async () => {
    const { mesh, evse } = await start();
    const exists = (id_token: string) =>
      mesh.call('auth', 'reservation', 'exists_reservation', { request: { evse_id: 1, id_token } });
    expect(await mesh.call('auth', 'reservation', 'reserve_now', { request: RESERVE })).toBe('Accepted');
    expect(evse.calls('evse', 'reserve').map(({ args }) => args)).toEqual([{ reservation_id: 7 }]);
    expect([await exists('RES1'), await exists('TAG1')]).toEqual(['ReservedForToken', 'ReservedForOtherToken']);
    expect(await mesh.call('auth', 'reservation', 'cancel_reservation', { reservation_id: 7 })).toBe(true);
    expect(evse.calls('evse', 'cancel_reservation')).toHaveLength(1);
    expect(await exists('TAG1')).toBe('NotReserved');
    expect(mesh.values('auth', 'reservation', 'reservation_update')).toEqual([
      { reservation_id: 7, reservation_status: 'Placed' },
    ]);
  });

  test('expire', async () => {
    const { mesh, evse } = await start();
    await mesh.call('auth', 'reservation', 'reserve_now', { request: RESERVE });
    await mesh.clock.advance(600_000);
    expect(evse.calls('evse', 'cancel_reservation')).toHaveLength(1);
    expect(mesh.values('auth', 'reservation', 'reservation_update').at(-1)).toEqual({
      reservation_id: 7,
      reservation_status: 'Expired',
    });
  });

  test('outlive the module in the key-value store', async () => {
    const { mesh, evse } = await start({ kvs: true });
    await mesh.call('auth', 'reservation', 'reserve_now', { request: RESERVE });
    await mesh.kill('auth');
    evse.forgetCalls();
    await mesh.startModule('auth');
    await mesh.sayReady();
    expect(evse.calls('evse', 'reserve').map(({ args }) => args)).toEqual([{ reservation_id: 7 }]);
    const request = { evse_id: 1, id_token: 'TAG1' };
    expect(await mesh.call('auth', 'reservation', 'exists_reservation', { request })).toBe('ReservedForOtherToken');
  });

  test('in the key-value store are not written over by what happens before they are read', async () => {
    const { mesh, evse, event } = await start({ kvs: true });
    await mesh.call('auth', 'reservation', 'reserve_now', { request: RESERVE });
    await mesh.stopModule('auth');
    evse.answer('evse', 'reserve', () => false);
    await mesh.startModule('auth');
    evse.publish('evse', 'ready', true);
    await event('Enabled', { connector_id: 1 });
    await mesh.sayReady();
    evse.answer('evse', 'reserve', () => true);
    evse.publish('evse', 'ready', true);
    await mesh.settle();
    expect(evse.calls('evse', 'reserve').map(({ args }) => args)).toEqual(
      Array.from({ length: 3 }, () => ({ reservation_id: 7 })),
    );
    const request = { evse_id: 1, id_token: 'TAG1' };
    expect(await mesh.call('auth', 'reservation', 'exists_reservation', { request })).toBe('ReservedForOtherToken');
  });
});
