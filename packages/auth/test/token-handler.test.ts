import { describe, expect, test } from '@jest/globals';
import { card, Station, verdict } from './station.ts';

describe('to start', () => {
  test('plug first, then card', async () => {
    const station = new Station();
    await station.plug(1);
    await station.swipe('TAG');
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
    expect(station.told).toEqual(['1 authorize Accepted']);
  });

  test('card first, then plug: no transaction in time and the authorization is taken back', async () => {
    const station = new Station();
    await station.swipe('TAG');
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
    await station.clock.advance(19_999);
    expect(station.told).toEqual(['1 authorize Accepted']);
    await station.clock.advance(1);
    expect(station.told).toEqual(['1 authorize Accepted', '1 withdraw']);
    expect(station.statuses.at(-1)).toBe('TimedOut');
    expect(station.evse(1).available).toBe(true);
  });

  test('a transaction in time ends the wait', async () => {
    const station = new Station();
    await station.swipe('TAG');
    await station.clock.advance(19_999);
    await station.startTransaction(1);
    await station.clock.advance(3_600_000);
    expect(station.told).toEqual(['1 authorize Accepted']);
  });

  test('a transaction that starts before the EVSE has answered ends the wait too', async () => {
    const station = new Station();
    station.evse(1).port.authorize = async () => {
      await station.startTransaction(1);
    };
    await station.swipe('TAG');
    await station.clock.advance(60_000);
    expect(station.told).toEqual([]);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
  });

  test('a changed connection timeout holds from the next authorization on', async () => {
    const station = new Station();
    station.auth.settings.connectionTimeoutS = 60;
    await station.swipe('TAG');
    await station.clock.advance(59_999);
    expect(station.told).toHaveLength(1);
    await station.clock.advance(1);
    expect(station.told).toHaveLength(2);
  });

  test('the same card again before the car came is passed over in silence', async () => {
    const station = new Station();
    await station.swipe('TAG');
    station.forget();
    await station.swipe('tag');
    expect(station.statuses).toEqual([]);
  });

  test('a card is asked about once, however often it is held to the reader meanwhile', async () => {
    const station = new Station();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof verdict>>();
    station.validators = [() => promise];
    await station.swipe('TAG');
    await station.swipe('TAG');
    resolve(verdict('Accepted'));
    await station.clock.settle();
    expect(station.asked).toEqual(['0 TAG']);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
  });

  test('two cards for one EVSE at the same time: the answer that comes first wins', async () => {
    const station = new Station();
    const answers = new Map<string, () => void>();
    station.validators = [
      ({ id_token }) => new Promise((resolve) => answers.set(id_token.value, () => resolve(verdict('Accepted')))),
    ];
    await station.swipe('A');
    await station.swipe('B');
    answers.get('B')?.();
    await station.clock.settle();
    answers.get('A')?.();
    await station.clock.settle();
    expect(station.told).toEqual(['1 authorize Accepted']);
    expect(station.evse(1).identifier?.token.id_token.value).toBe('B');
    expect(station.statuses.at(-1)).toBe('Rejected');
  });
});

describe('who is asked', () => {
  test('validators in order, every one, and the first that accepts decides', async () => {
    const station = new Station({ validators: 3 });
    station.validators = [() => verdict('Invalid'), () => verdict('Accepted', 'P'), () => verdict('Blocked')];
    await station.swipe('TAG');
    expect(station.asked).toEqual(['0 TAG', '1 TAG', '2 TAG']);
    expect(station.evse(1).parentId).toBe('P');
  });

  test('one that fails counts as Unknown', async () => {
    const station = new Station();
    station.validators = [() => Promise.reject(new Error('gone'))];
    await station.swipe(card('TAG', { connectors: [1] }));
    expect(station.told).toEqual(['1 authorize Unknown']);
    expect(station.statuses).toEqual(['Processing', 'Rejected']);
  });

  test('nobody, where the token comes validated; its own parent counts', async () => {
    const station = new Station();
    await station.swipe(card('TAG', { prevalidated: true, parent_id_token: { value: 'P', type: 'Central' } }));
    expect(station.asked).toEqual([]);
    expect(station.evse(1).parentId).toBe('P');
  });

  test('a refusal is told to the EVSEs that the token names, and to no others', async () => {
    const station = new Station({ evses: 2 });
    station.validators = [() => verdict('Invalid')];
    await station.swipe('BAD');
    expect(station.told).toEqual([]);
    await station.swipe(card('BAD', { connectors: [2] }));
    expect(station.told).toEqual(['2 authorize Invalid']);
  });
});

describe('where', () => {
  test('an EVSE that the validator does not allow: NotAtThisLocation', async () => {
    const station = new Station();
    station.validators = [() => ({ ...verdict('Accepted'), evse_ids: [7] })];
    await station.swipe('TAG');
    expect(station.told).toEqual(['1 authorize NotAtThisLocation']);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'Rejected']);
    expect(station.evse(1).available).toBe(true);
  });

  test('of several EVSEs one that the validator allows is taken', async () => {
    const station = new Station({ evses: 3 });
    station.validators = [() => ({ ...verdict('Accepted'), evse_ids: [3] })];
    await station.swipe('TAG');
    expect(station.told).toEqual(['3 authorize Accepted']);
  });

  test('a token that names no EVSE of ours is rejected unasked', async () => {
    const station = new Station();
    await station.swipe(card('TAG', { connectors: [9] }));
    expect([station.statuses, station.asked]).toEqual([['Processing', 'Rejected'], []]);
  });

  test('PlugEvents waits for a plug, and takes the EVSE where it happens', async () => {
    const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
    await station.swipe('TAG');
    expect(station.statuses).toEqual(['Processing', 'Accepted']);
    await station.clock.advance(5000);
    await station.plug(2);
    expect(station.told).toEqual(['2 authorize Accepted']);
    expect(station.statuses.at(-1)).toBe('UsedToStart');
  });

  test('PlugEvents waits no longer than the connection timeout', async () => {
    const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
    await station.swipe('TAG');
    await station.clock.advance(20_000);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'TimedOut']);
    await station.plug(2);
    expect(station.told).toEqual([]);
  });

  test('two cards that wait and one plug: the first card gets it', async () => {
    const station = new Station({ evses: 3, config: { selection_algorithm: 'PlugEvents' } });
    await station.swipe('A');
    await station.swipe('B');
    await station.plug(2);
    expect(station.evse(2).identifier?.token.id_token.value).toBe('A');
    expect(station.told).toEqual(['2 authorize Accepted']);
    await station.plug(3);
    expect(station.evse(3).identifier?.token.id_token.value).toBe('B');
  });

  test.each([
    ['PlugEvents', 1],
    ['PlugEventsLIFO', 2],
  ])('%s: of two waiting cars EVSE %i is taken', async (selection_algorithm, expected) => {
    const station = new Station({ evses: 3, config: { selection_algorithm } });
    await station.plug(1);
    await station.plug(2);
    await station.swipe('TAG');
    expect(station.told).toEqual([`${expected} authorize Accepted`]);
  });

  test('with all EVSEs in use a card is rejected unasked', async () => {
    const station = new Station();
    await station.charge(1, card('A'));
    await station.swipe('B');
    expect([station.statuses, station.asked]).toEqual([['Processing', 'Rejected'], []]);
  });

  test('a faulted, a disabled and an absent EVSE take no card, and do again afterwards', async () => {
    const station = new Station({ evses: 3 });
    station.auth.sessions.takeFault(station.evse(1), true);
    await station.event(2, 'Disabled');
    station.evse(3).reachable = false;
    await station.swipe('A');
    expect(station.statuses).toEqual(['Processing', 'Rejected']);
    station.auth.sessions.takeFault(station.evse(1), false);
    await station.swipe('B');
    await station.event(2, 'Enabled');
    await station.swipe('C');
    expect(station.told).toEqual(['1 authorize Accepted', '2 authorize Accepted']);
  });

  test('ignore_connector_faults lets a broken EVSE take cards', async () => {
    const station = new Station({ config: { ignore_connector_faults: true } });
    station.auth.sessions.takeFault(station.evse(1), true);
    await station.swipe('A');
    expect(station.told).toEqual(['1 authorize Accepted']);
  });

  test('an EVSE that cannot be told loses the authorization at once', async () => {
    const station = new Station();
    station.evse(1).port.authorize = () => Promise.reject(new Error('gone'));
    await station.swipe('A');
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'Rejected']);
    expect(station.evse(1).available).toBe(true);
    expect(station.clock.nextDueMs()).toBeUndefined();
  });
});

describe('to stop', () => {
  test('the same card, in any case, stops what it started, and names itself and its EVSE', async () => {
    const station = new Station({ evses: 2 });
    await station.charge(2, card('abc'));
    await station.swipe('ABC');
    expect(station.statuses).toEqual(['Processing', 'UsedToStop']);
    expect(station.stops).toEqual([{ reason: 'Local', id_tag: card('ABC', { connectors: [2] }) }]);
    expect(station.asked).toEqual([]);
  });

  test('so does the parent itself', async () => {
    const station = new Station();
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.charge(1, card('A'));
    await station.swipe('GROUP');
    expect(station.told).toEqual(['1 stop Local']);
  });

  test('stop_transaction_on_reswipe false: the card is used to reauthorize', async () => {
    const station = new Station({ config: { stop_transaction_on_reswipe: false } });
    await station.charge(1, card('A'));
    await station.swipe('A');
    expect([station.statuses, station.told]).toEqual([['Processing', 'UsedToReauthorize'], []]);
  });

  test('a remote start with the same identifier stops nothing', async () => {
    const station = new Station();
    await station.charge(1, card('A'));
    await station.swipe(card('A', { authorization_type: 'OCPP' }));
    expect([station.statuses, station.told]).toEqual([['Processing', 'Rejected'], []]);
  });

  test('a card of the same group stops it where no EVSE is free', async () => {
    const station = new Station();
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.charge(1, card('A'));
    await station.swipe('B');
    expect(station.statuses).toEqual(['Processing', 'UsedToStop']);
    expect(station.told).toEqual(['1 stop Local']);
  });

  test('with a free EVSE it starts there, unless stopping comes first', async () => {
    const first = new Station({ evses: 2 });
    first.validators = [() => verdict('Accepted', 'GROUP')];
    await first.charge(1, card('A'));
    await first.swipe('B');
    expect(first.told).toEqual(['2 authorize Accepted']);
    const second = new Station({ evses: 2, config: { prioritize_authorization_over_stopping_transaction: false } });
    second.validators = [() => verdict('Accepted', 'GROUP')];
    await second.charge(1, card('A'));
    await second.swipe('B');
    expect(second.told).toEqual(['1 stop Local']);
  });

  test('the master group stops everything and starts nothing', async () => {
    const station = new Station({ evses: 3, config: { master_pass_group_id: 'MASTER' } });
    await station.charge(1, card('A'));
    await station.charge(2, card('B'));
    station.validators = [() => verdict('Accepted', 'MASTER')];
    await station.swipe('CHIEF');
    expect(station.statuses).toEqual(['Processing', 'Rejected']);
    expect(station.told).toEqual([]);
    await station.charge(3, card('C', { prevalidated: true }));
    await station.swipe('CHIEF');
    expect(station.statuses).toEqual(['Processing', 'UsedToStop']);
    expect(station.told).toEqual(['1 stop MasterPass', '2 stop MasterPass', '3 stop MasterPass']);
  });

  test('after the transaction the same card starts a new one', async () => {
    const station = new Station();
    await station.charge(1, card('A'));
    await station.finish(1);
    await station.swipe('A');
    expect(station.told).toEqual(['1 authorize Accepted']);
  });

  test('a transaction that nobody authorized here is stopped by its own card', async () => {
    const station = new Station();
    await station.startTransaction(1, card('FREE'));
    await station.swipe('FREE');
    expect(station.told).toEqual(['1 stop Local']);
  });
});

describe('plug-in timeout', () => {
  test('a car that nobody authorizes in time has to be plugged in anew', async () => {
    const station = new Station({ evses: 2, config: { plug_in_timeout_enabled: true } });
    await station.plug(1);
    await station.clock.advance(20_000);
    expect(station.told).toEqual(['1 withdraw']);
    await station.swipe(card('TAG', { connectors: [1] }));
    expect(station.statuses).toEqual(['Processing', 'Rejected']);
    await station.event(1, 'SessionFinished');
    await station.plug(1);
    await station.swipe(card('TAG', { connectors: [1] }));
    expect(station.told.at(-1)).toBe('1 authorize Accepted');
  });

  test('with one EVSE, or when it is off, a car may wait for ever', async () => {
    const one = new Station({ config: { plug_in_timeout_enabled: true } });
    await one.plug(1);
    expect(one.clock.nextDueMs()).toBeUndefined();
    const off = new Station({ evses: 2 });
    await off.plug(1);
    expect(off.clock.nextDueMs()).toBeUndefined();
  });
});

describe('what a validator says later', () => {
  test('an update replaces the parent, and is published as accepted again', async () => {
    const station = new Station();
    await station.swipe('TAG');
    station.forget();
    station.auth.updateValidation(1, verdict('Accepted', 'GROUP'));
    expect([station.evse(1).parentId, station.statuses]).toEqual(['GROUP', ['Accepted']]);
  });

  test('a refusal takes the group away and is not published: nobody was accepted anew', async () => {
    const station = new Station();
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.charge(1, card('A'));
    station.auth.updateValidation(1, verdict('Invalid'));
    station.auth.updateValidation(9, verdict('Accepted'));
    expect([station.evse(1).parentId, station.statuses]).toEqual([undefined, []]);
    await station.swipe('B');
    expect(station.statuses.at(-1)).toBe('Rejected');
  });

  test('nothing where nobody is authorized', async () => {
    const station = new Station();
    station.auth.updateValidation(1, verdict('Accepted', 'GROUP'));
    expect([station.evse(1).identifier, station.statuses]).toEqual([undefined, []]);
  });
});

describe('groups and reservations', () => {
  const reserve = (station: Station, evse_id: number, more: object = {}) =>
    station.auth.reservations.make({
      reservation_id: evse_id,
      id_token: 'RES',
      expiry_time: '2099-01-01T00:00:00.000Z',
      evse_id,
      ...more,
    });

  test('a card of the group stops its transaction though the other EVSE is kept for somebody else', async () => {
    const station = new Station({ evses: 2, config: { prioritize_authorization_over_stopping_transaction: false } });
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.charge(1, card('A'));
    await reserve(station, 2);
    await station.swipe('B');
    expect(station.statuses).toEqual(['Processing', 'UsedToStop']);
    expect(station.told).toEqual(['2 reserve 2', '1 stop Local']);
  });

  test('a second card of the group, while the first awaits its car: Rejected', async () => {
    const station = new Station();
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.swipe('A');
    station.forget();
    await station.swipe('B');
    expect([station.statuses, station.told]).toEqual([['Processing', 'Rejected'], []]);
  });

  test('a card of the group is only used to reauthorize where cards stop nothing', async () => {
    const station = new Station({ config: { stop_transaction_on_reswipe: false } });
    station.validators = [() => verdict('Accepted', 'GROUP')];
    await station.charge(1, card('A'));
    await station.swipe('B');
    expect([station.statuses, station.told]).toEqual([['Processing', 'UsedToReauthorize'], []]);
    expect(station.tokens.at(-1)?.connectors).toEqual([1]);
  });

  test('a card of the master group is used to stop even where nothing runs', async () => {
    const station = new Station({ config: { master_pass_group_id: 'MASTER' } });
    station.validators = [() => verdict('Accepted', 'master')];
    station.auth.sessions.takeFault(station.evse(1), true);
    await station.swipe('CHIEF');
    expect([station.statuses, station.told]).toEqual([['Processing', 'UsedToStop'], []]);
  });

  test('the master card ends the others though one EVSE does not answer', async () => {
    const station = new Station({ evses: 2, config: { master_pass_group_id: 'MASTER' } });
    await station.charge(1, card('A'));
    await station.charge(2, card('B'));
    station.evse(1).port.stop = () => Promise.reject(new Error('gone'));
    station.validators = [() => verdict('Accepted', 'MASTER')];
    await station.swipe('CHIEF');
    expect([station.statuses.at(-1), station.told]).toEqual(['UsedToStop', ['2 stop MasterPass']]);
  });

  test('FindFirst gives a card that names no EVSE one that is not kept for somebody else', async () => {
    const station = new Station({ evses: 2 });
    await reserve(station, 1);
    station.forget();
    await station.swipe('OTHER');
    expect(station.told).toEqual(['2 authorize Accepted']);
  });

  test('not here comes before not now', async () => {
    const station = new Station();
    await reserve(station, 1, { parent_id_token: 'FAMILY' });
    station.forget();
    station.validators = [() => ({ ...verdict('Accepted'), evse_ids: [9] })];
    await station.swipe('OTHER');
    expect(station.told).toEqual(['1 authorize NotAtThisLocation']);
  });

  test('the second validator knows the group that the reservation is for', async () => {
    const station = new Station({ validators: 2 });
    await reserve(station, 1, { parent_id_token: 'FAMILY' });
    station.forget();
    station.validators = [() => verdict('Accepted'), () => verdict('Accepted', 'FAMILY')];
    await station.swipe('SON');
    expect(station.told).toEqual(['1 authorize NotAtThisTime', '1 authorize Accepted']);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'Accepted', 'UsedToStart']);
  });

  test('where all refuse, the EVSE that the token names hears the last word once', async () => {
    const station = new Station({ validators: 2 });
    station.validators = [() => verdict('Blocked'), () => verdict('Invalid')];
    await station.swipe(card('TAG', { connectors: [1] }));
    expect(station.told).toEqual(['1 authorize Invalid']);
  });
});

describe('while a token is on its way', () => {
  /** A validator that answers when it is told to. */
  const thinking = async (station: Station, token = card('TAG', { connectors: [1] })): Promise<() => Promise<void>> => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof verdict>>();
    station.validators = [() => promise];
    await station.swipe(token);
    return async () => {
      resolve(verdict('Accepted'));
      await station.clock.settle();
    };
  };

  test('its EVSE is disabled: Rejected, and it is not told', async () => {
    const station = new Station();
    const answer = await thinking(station);
    await station.event(1, 'Disabled');
    await answer();
    expect([station.statuses, station.told]).toEqual([['Processing', 'Rejected'], []]);
  });

  test('its EVSE is disabled and enabled again: it is authorized', async () => {
    const station = new Station();
    const answer = await thinking(station);
    await station.event(1, 'Disabled');
    await station.event(1, 'Enabled');
    await answer();
    expect(station.told).toEqual(['1 authorize Accepted']);
  });

  test('its EVSE is reserved for somebody else: not now', async () => {
    const station = new Station();
    const answer = await thinking(station);
    const expiry_time = '2099-01-01T00:00:00.000Z';
    await station.auth.reservations.make({ reservation_id: 7, id_token: 'RES', expiry_time, evse_id: 1 });
    await answer();
    expect(station.told).toEqual(['1 reserve 7', '1 authorize NotAtThisTime']);
    expect(station.statuses.at(-1)).toBe('Rejected');
  });

  test('its car is plugged in: the car neither starts anew nor is lost', async () => {
    const station = new Station({ evses: 2, config: { selection_algorithm: 'PlugEvents' } });
    const answer = await thinking(station, card('TAG'));
    await station.plug(2);
    await answer();
    expect(station.told).toEqual(['2 authorize Accepted']);
    expect(station.auth.queue.order).toEqual([]);
  });

  test('the session before it ends while the EVSE is told: the authorization stays, and runs out', async () => {
    const station = new Station();
    const { promise, resolve } = Promise.withResolvers<void>();
    station.evse(1).port.authorize = async () => promise;
    await station.swipe('TAG');
    for (const event of ['Deauthorized', 'SessionFinished'] as const) await station.event(1, event);
    resolve();
    await station.clock.settle();
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart']);
    await station.clock.advance(20_000);
    expect([station.told, station.statuses.at(-1)]).toEqual([['1 withdraw'], 'TimedOut']);
  });

  test('a session that ends after that ends the authorization too', async () => {
    const station = new Station();
    await station.swipe('TAG');
    await station.event(1, 'SessionFinished');
    expect([station.evse(1).identifier, station.clock.nextDueMs()]).toEqual([undefined, undefined]);
  });

  test('an EVSE that is disabled passes it over: the authorization is taken back, and said so', async () => {
    const station = new Station();
    await station.swipe('TAG');
    await station.event(1, 'Disabled');
    expect([station.told, station.statuses.at(-1)]).toEqual([['1 authorize Accepted', '1 withdraw'], 'Withdrawn']);
    expect(station.clock.nextDueMs()).toBeUndefined();
  });

  test('an authorization that is taken back too late stays for the card that stops its transaction', async () => {
    const station = new Station();
    await station.charge(1, card('TAG'));
    await station.event(1, 'Deauthorized');
    await station.swipe('TAG');
    expect(station.told).toEqual(['1 stop Local']);
  });

  test('the authorization that it got is taken back by its EVSE: no timer goes on', async () => {
    const station = new Station();
    await station.swipe('TAG');
    await station.event(1, 'Deauthorized');
    expect(station.evse(1).identifier).toBeUndefined();
    expect(station.clock.nextDueMs()).toBeUndefined();
  });

  test('a session that an authorization began is no car', async () => {
    const station = new Station();
    await station.event(1, 'SessionStarted', {
      session_started: { reason: 'Authorized', meter_value: { timestamp: '', energy_Wh_import: { total: 0 } } },
    });
    expect([station.evse(1).pluggedIn, station.auth.queue.order]).toEqual([false, []]);
  });
});
