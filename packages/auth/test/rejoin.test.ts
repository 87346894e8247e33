import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeVariable } from '@chargemesh/framework';
import { type Probe, TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AuthModule } from '../src/module.ts';

const METER = { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 0 } };
const card = (value: string, evse: number) => ({
  id_token: { value, type: 'ISO14443' },
  authorization_type: 'RFID',
  connectors: [evse],
});

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'auth-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

async function start(
  run: string,
): Promise<{ mesh: TestMesh; evses: Probe[]; swipe: (value: string, evse: number) => Promise<void> }> {
  const mesh = new TestMesh({ stateDir });
  mesh.add(AuthModule, {
    id: 'auth',
    config: { connection_timeout: 20 },
    connections: {
      token_provider: [['reader', 'main']],
      token_validator: [['validator', 'main']],
      evse_manager: [
        ['evse_1', 'evse'],
        ['evse_2', 'evse'],
      ],
    },
    runOptions: { run },
  });
  const evses = [1, 2].map((id) => {
    const evse = mesh.probe(`evse_${id}`, { evse: 'evse_manager' });
    evse.answer('evse', 'get_evse', () => ({ id, connectors: [{ id: 1 }] }));
    evse.answer('evse', 'stop_transaction', () => true);
    evse.answer('evse', 'reserve', () => true);
    return evse;
  });
  const reader = mesh.probe('reader', { main: 'auth_token_provider' });
  mesh
    .probe('validator', { main: 'auth_token_validator' })
    .answer('main', 'validate_token', () => ({ authorization_status: 'Accepted', tariff_messages: [] }));
  await mesh.start();
  const swipe = async (value: string, evse: number): Promise<void> => {
    reader.publish('main', 'provided_token', card(value, evse));
    await mesh.settle();
  };
  return { mesh, evses, swipe };
}

async function restart(mesh: TestMesh): Promise<void> {
  await mesh.kill('auth');
  await mesh.startModule('auth');
  await mesh.sayReady();
}

test('killed in a transaction: its card still stops it, and no other card gets in', async () => {
  const { mesh, evses, swipe } = await start('a');
  await swipe('TAG', 1);
  evses[0]?.publish('evse', 'session_event', {
    uuid: 's',
    timestamp: METER.timestamp,
    event: 'TransactionStarted',
    transaction_started: { id_tag: card('TAG', 1), meter_value: METER },
  });
  await mesh.settle();
  await restart(mesh);
  evses[0]?.forgetCalls();
  await swipe('OTHER', 1);
  expect(evses[0]?.calls('evse', 'authorize_response')).toEqual([]);
  await swipe('TAG', 1);
  expect(evses[0]?.calls('evse', 'stop_transaction')).toHaveLength(1);
});

test('killed between card and plug: the authorization still runs out', async () => {
  const { mesh, evses, swipe } = await start('a');
  await mesh.call('auth', 'main', 'set_connection_timeout', { connection_timeout: 60 });
  await swipe('TAG', 1);
  await restart(mesh);
  await mesh.clock.advance(59_999);
  expect(evses[0]?.calls('evse', 'withdraw_authorization')).toHaveLength(0);
  await mesh.clock.advance(1);
  expect(evses[0]?.calls('evse', 'withdraw_authorization')).toHaveLength(1);
});

test('an EVSE that dies while an authorization is taken back from it is told once it has begun again', async () => {
  const { mesh, evses, swipe } = await start('a');
  const [evse] = evses;
  let isDead = true;
  evse?.answer('evse', 'withdraw_authorization', () => {
    if (isDead) throw new Error('it is dead');
    return null;
  });
  await swipe('TAG', 1);
  await mesh.clock.advance(20_000);
  expect(evse?.calls('evse', 'withdraw_authorization')).toHaveLength(1);
  isDead = false;
  for (const _time of [1, 2]) {
    evse?.publish('evse', 'ready', true);
    await mesh.settle();
  }
  expect(evse?.calls('evse', 'withdraw_authorization')).toHaveLength(2);
});

test('what an EVSE was not told is forgotten where somebody else was authorised there meanwhile', async () => {
  const { mesh, evses, swipe } = await start('a');
  const [evse] = evses;
  evse?.answer('evse', 'withdraw_authorization', () => {
    throw new Error('it is dead');
  });
  await swipe('TAG', 1);
  await mesh.clock.advance(20_000);
  await swipe('OTHER', 1);
  evse?.publish('evse', 'ready', true);
  await mesh.settle();
  expect(evse?.calls('evse', 'withdraw_authorization')).toHaveLength(1);
});

test('reservations hold over it, without a key-value store too', async () => {
  const { mesh } = await start('a');
  const request = { reservation_id: 7, id_token: 'RES', expiry_time: '2026-01-01T01:00:00.000Z', evse_id: 2 };
  await mesh.call('auth', 'reservation', 'reserve_now', { request });
  await restart(mesh);
  expect(await mesh.call('auth', 'reservation', 'exists_reservation', { request: { evse_id: 2, id_token: 'X' } })).toBe(
    'ReservedForOtherToken',
  );
});

test('another run of the mesh begins with nothing', async () => {
  const first = await start('a');
  await first.swipe('TAG', 1);
  await first.mesh.kill('auth');
  const second = await start('b');
  await second.swipe('OTHER', 1);
  expect(second.evses[0]?.calls('evse', 'authorize_response')).toHaveLength(1);
});

test('the end of a transaction that came while it was away is asked for, once, and its card begins another elsewhere', async () => {
  const { mesh, evses, swipe } = await start('a');
  const { topics, external } = mesh;
  const event = (number: number, name: string, more: object = {}): object => ({
    number,
    data: { uuid: 's', timestamp: METER.timestamp, event: name, ...more },
  });
  const answer = (...events: object[]): void => {
    const text = JSON.stringify({ epoch: 'e', events, last: events.length });
    external.publish(topics.journalAnswer('evse_1', 'auth'), text);
  };
  const asked = (): object[] =>
    mesh.messages
      .filter(({ topic }) => topic === topics.journal('evse_1'))
      .map(({ payload }) => JSON.parse(payload) as object);
  const started = event(1, 'TransactionStarted', {
    transaction_started: { id_tag: card('TAG', 1), meter_value: METER },
  }) as { data: unknown };
  await swipe('TAG', 1);
  external.publish(
    topics.variable('evse_1', 'evse', 'session_event'),
    encodeVariable(started.data, { epoch: 'e', number: 1 }),
  );
  await mesh.settle();
  expect(asked().at(-1)).toEqual({ origin: 'auth', acknowledged: { epoch: 'e', number: 1 } });
  await restart(mesh);
  expect(asked().at(-1)).toEqual({ origin: 'auth', after: { epoch: 'e', number: 1 } });
  const finished = { transaction_finished: { reason: 'EVDisconnected', meter_value: METER } };
  answer(
    event(2, 'TransactionFinished', finished),
    event(3, 'SessionFinished', { session_finished: { meter_value: METER } }),
  );
  await mesh.settle();
  for (const evse of evses) evse.forgetCalls();
  await swipe('TAG', 2);
  expect(evses[0]?.calls('evse', 'stop_transaction')).toEqual([]);
  expect(evses[1]?.calls('evse', 'authorize_response')).toHaveLength(1);
  await restart(mesh);
  expect(asked().at(-1)).toEqual({ origin: 'auth', after: { epoch: 'e', number: 3 } });
});
