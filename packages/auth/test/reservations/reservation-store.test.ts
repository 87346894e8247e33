import { silentLogger } from '@chargemesh/base';
import type { JsonValue } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { ReservationStore } from '../../src/reservations/reservation-store.ts';

const expiry_time = '2026-01-01T01:00:00.000Z';

function inMemory(values = new Map<string, JsonValue>()) {
  const store = new ReservationStore('auth', silentLogger, {
    load: async (key) => values.get(key) ?? null,
    save: async (key, value) => void values.set(key, value),
  });
  return { store, values };
}

test('reservations are kept in the reference’s form, an empty list too', async () => {
  const { store, values } = inMemory();
  store.save([{ reservation_id: 1, id_token: 'A', expiry_time, evse_id: 2, connector_type: 'cType2' }]);
  await store.load();
  expect(values.get('reservation_auth')).toEqual([
    {
      evse_id: 2,
      reservation: { reservation_id: 1, id_token: 'A', expiry_time, evse_id: 2, connector_type: 'cType2' },
    },
  ]);
  store.save([]);
  await store.load();
  expect(values.get('reservation_auth')).toEqual([]);
});

test('what was kept comes back', async () => {
  const kept = { reservation_id: 1, id_token: 'A', expiry_time, evse_id: 2, parent_id_token: 'P' };
  const { store } = inMemory();
  store.save([kept, { reservation_id: 2, id_token: 'B', expiry_time }]);
  expect(await store.load()).toEqual([kept, { reservation_id: 2, id_token: 'B', expiry_time }]);
});

test('what is there already is not written again', async () => {
  const values = new Map<string, JsonValue>();
  const written: JsonValue[] = [];
  let full = false;
  const store = new ReservationStore('auth', silentLogger, {
    load: async (key) => values.get(key) ?? null,
    save: async (key, value) => {
      written.push(value);
      if (full) throw new Error('the disk is full');
      values.set(key, value);
    },
  });
  await store.load();
  store.save([]);
  await store.load();
  expect(written).toEqual([]);
  full = true;
  store.save([{ reservation_id: 1, id_token: 'A', expiry_time }]);
  store.save([{ reservation_id: 1, id_token: 'A', expiry_time }]);
  await store.load();
  expect(written).toHaveLength(2);
  full = false;
  for (const id_token of ['A', 'A', 'B', 'A']) store.save([{ reservation_id: 1, id_token, expiry_time }]);
  await store.load();
  expect(written).toHaveLength(5);
});

test('what cannot be read is left out', async () => {
  const { store } = inMemory(new Map([['reservation_auth', [7, { reservation: { reservation_id: 'x' } }, null]]]));
  expect(await store.load()).toEqual([]);
});

test('without a key-value store nothing is kept', async () => {
  const store = new ReservationStore('auth', silentLogger, undefined);
  store.save([{ reservation_id: 1, id_token: 'A', expiry_time }]);
  expect(await store.load()).toEqual([]);
});
