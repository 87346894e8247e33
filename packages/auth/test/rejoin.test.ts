import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
