import { expect, test } from '@jest/globals';
import { card, Station, verdict } from './station.ts';

test('an EVSE that does not exist', async () => {
  expect(await new Station().auth.withdraw({ evse_id: 7 })).toBe('EvseNotFound');
});

test('nothing to take back', async () => {
  const station = new Station();
  expect(await station.auth.withdraw({})).toBe('AuthorizationNotFound');
  await station.swipe('TAG');
  expect(await station.auth.withdraw({ id_token: { value: 'OTHER', type: 'ISO14443' } })).toBe('AuthorizationNotFound');
});

test.each([[{}], [{ evse_id: 1 }], [{ id_token: { value: 'tag', type: 'Central' as const } }]])(
  'a placed authorization is withdrawn by %j',
  async (request) => {
    const station = new Station();
    await station.swipe('TAG');
    expect(await station.auth.withdraw(request)).toBe('Accepted');
    expect(station.told).toEqual(['1 authorize Accepted', '1 withdraw']);
    expect(station.statuses.at(-1)).toBe('Withdrawn');
    expect(station.clock.nextDueMs()).toBeUndefined();
  },
);

test('a running transaction ends as deauthorized', async () => {
  const station = new Station();
  await station.charge(1, card('TAG'));
  expect(await station.auth.withdraw({ evse_id: 1 })).toBe('Accepted');
  expect(station.stops).toEqual([{ reason: 'DeAuthorized' }]);
});

test('a token that waits for a plug is stopped there', async () => {
  const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
  await station.swipe('TAG');
  const outcome = station.auth.withdraw({ id_token: { value: 'TAG', type: 'ISO14443' } });
  await station.clock.settle();
  expect(await outcome).toBe('Accepted');
  expect(station.statuses).toEqual(['Processing', 'Accepted', 'Withdrawn']);
  await station.plug(1);
  expect(station.told).toEqual([]);
});

test('a token whose validator has not answered yet never gets anywhere', async () => {
  const station = new Station();
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof verdict>>();
  station.validators = [() => promise];
  await station.swipe('TAG');
  const outcome = station.auth.withdraw({});
  resolve(verdict('Accepted'));
  expect(await outcome).toBe('Accepted');
  expect(station.statuses).toEqual(['Processing', 'Withdrawn']);
  expect(station.told).toEqual([]);
});

test('a request that was answered has no effect on later tokens', async () => {
  const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
  await station.auth.withdraw({ id_token: { value: 'TAG', type: 'ISO14443' } });
  await station.swipe('TAG');
  await station.plug(1);
  expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
});

test('a token that may go anywhere is not stopped by a request for one EVSE', async () => {
  const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
  await station.swipe('TAG');
  expect(await station.auth.withdraw({ evse_id: 1 })).toBe('AuthorizationNotFound');
  await station.plug(2);
  expect(station.told).toEqual(['2 authorize Accepted']);
});
