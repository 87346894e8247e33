import { describe, expect, test } from '@jest/globals';
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

describe('of two that are placed', () => {
  const placed = async (): Promise<Station> => {
    const station = new Station({ evses: 2 });
    await station.swipe(card('A', { connectors: [1] }));
    await station.swipe(card('B', { connectors: [2] }));
    station.forget();
    return station;
  };
  const id_token = { value: 'b', type: 'ISO14443' } as const;

  test.each([
    [{}, 'Accepted', ['1 withdraw', '2 withdraw']],
    [{ evse_id: 2 }, 'Accepted', ['2 withdraw']],
    [{ id_token }, 'Accepted', ['2 withdraw']],
    [{ evse_id: 2, id_token }, 'Accepted', ['2 withdraw']],
    [{ evse_id: 1, id_token }, 'AuthorizationNotFound', []],
    [{ evse_id: 3, id_token }, 'EvseNotFound', []],
  ])('%j: %s', async (request, result, told) => {
    const station = await placed();
    expect(await station.auth.withdraw(request)).toBe(result);
    expect(station.told).toEqual(told);
    expect(station.statuses).toEqual(told.map(() => 'Withdrawn'));
  });
});

describe('of a token whose validator thinks', () => {
  const thinking = async (evses: number, connectors?: number[]): Promise<[Station, () => void]> => {
    const station = new Station({ evses });
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof verdict>>();
    station.validators = [() => promise];
    await station.swipe(card('TAG', connectors && { connectors }));
    return [station, () => resolve(verdict('Accepted'))];
  };

  test.each([
    ['the EVSE that it names', 2, [2], { evse_id: 2 }, 'Withdrawn'],
    ['another EVSE', 2, [2], { evse_id: 1 }, 'UsedToStart'],
    ['the only EVSE that it can go to', 1, undefined, { evse_id: 1 }, 'Withdrawn'],
    ['one of several EVSEs that it can go to', 2, undefined, { evse_id: 1 }, 'UsedToStart'],
    ['another token', 1, undefined, { id_token: { value: 'X', type: 'Central' as const } }, 'UsedToStart'],
  ])('of %s', async (_, evses, connectors, request, last) => {
    const [station, answer] = await thinking(evses, connectors);
    const outcome = station.auth.withdraw(request);
    answer();
    expect(await outcome).toBe(last === 'Withdrawn' ? 'Accepted' : 'AuthorizationNotFound');
    await station.clock.settle();
    expect(station.statuses.at(-1)).toBe(last);
  });
});

test('between two validators that accept: the second verdict is not tried', async () => {
  const station = new Station({ validators: 2 });
  station.validators = [() => ({ ...verdict('Accepted'), evse_ids: [9] }), () => verdict('Accepted')];
  const { promise, resolve } = Promise.withResolvers<void>();
  station.evse(1).port.authorize = async () => promise;
  await station.swipe('TAG');
  const outcome = station.auth.withdraw({});
  resolve();
  expect(await outcome).toBe('Accepted');
  expect(station.statuses).toEqual(['Processing', 'Accepted', 'Withdrawn']);
  expect(station.evse(1).identifier).toBeUndefined();
});

test('while the car of the authorization comes: the transaction is stopped', async () => {
  const station = new Station();
  await station.swipe('TAG');
  station.evse(1).port.withdraw = async () => station.startTransaction(1, card('TAG'));
  expect(await station.auth.withdraw({ evse_id: 1 })).toBe('Accepted');
  expect(station.told.at(-1)).toBe('1 stop DeAuthorized');
});

test('while another transaction begins: that one goes on', async () => {
  const station = new Station();
  await station.swipe('TAG');
  station.evse(1).port.withdraw = async () => station.startTransaction(1, card('FREE'));
  expect(await station.auth.withdraw({ evse_id: 1 })).toBe('Accepted');
  expect(station.stops).toEqual([]);
});

test('what an EVSE was not told is not told in its next transaction', async () => {
  const station = new Station();
  await station.swipe('TAG');
  station.evse(1).port.withdraw = () => Promise.reject(new Error('gone'));
  await station.auth.withdraw({});
  await station.startTransaction(1, card('TAG'));
  await station.auth.authorizations.remind(station.evse(1));
  expect(station.evse(1).identifier?.token.id_token.value).toBe('TAG');
});
