import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { card, Station, verdict } from '../station.ts';

/** A reservation that ends in an hour. */
function request(
  station: Station,
  id: number,
  more: Partial<types.reservation.Reservation> & { inMs?: number } = {},
): types.reservation.Reservation {
  const { inMs = 3_600_000, ...rest } = more;
  const expiry_time = formatTimestamp(station.clock.wallMs() + inMs);
  return { reservation_id: id, id_token: 'RES', expiry_time, ...rest };
}

async function make(
  station: Station,
  id: number,
  more: Parameters<typeof request>[2] = {},
): Promise<types.reservation.ReservationResult> {
  const outcome = await station.auth.reservations.make(request(station, id, more));
  await station.clock.settle();
  return outcome;
}

describe('of an EVSE', () => {
  test('the EVSE is asked, and the mesh told', async () => {
    const station = new Station();
    expect(await make(station, 7, { evse_id: 1 })).toBe('Accepted');
    expect(station.told).toEqual(['1 reserve 7']);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
  });

  test('an EVSE that does not agree: Rejected, and nothing is kept', async () => {
    const station = new Station();
    station.agrees = false;
    expect(await make(station, 7, { evse_id: 1 })).toBe('Rejected');
    expect(station.reservationUpdates).toEqual([]);
    expect(station.auth.reservations.book.all).toEqual([]);
  });

  test.each<[string, Partial<types.reservation.Reservation>, number, types.reservation.ReservationResult]>([
    ['that is not there', { evse_id: 9 }, 3_600_000, 'Rejected'],
    ['without such a connector', { evse_id: 1, connector_type: 'cCCS2' }, 3_600_000, 'Rejected'],
    ['for a time that is over', { evse_id: 1 }, 0, 'Rejected'],
  ])('%s', async (_, more, inMs, expected) => {
    const station = new Station();
    expect(await make(station, 7, { ...more, inMs })).toBe(expected);
    expect(station.told).toEqual([]);
  });

  test('one that is reserved, plugged, authorized, charging, broken or disabled', async () => {
    const station = new Station({ evses: 6 });
    await make(station, 1, { evse_id: 1 });
    await station.plug(2);
    await station.swipe(card('A', { connectors: [3] }));
    await station.charge(4, card('B'));
    station.auth.sessions.takeFault(station.evse(5), true);
    await station.event(6, 'Disabled');
    const results = [];
    for (let evse_id = 1; evse_id <= 6; evse_id++) results.push(await make(station, 10 + evse_id, { evse_id }));
    expect(results).toEqual(['Occupied', 'Occupied', 'Occupied', 'Occupied', 'Faulted', 'Unavailable']);
  });

  test('the same id again replaces the old one, even where the new one fails', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7, { evse_id: 1 });
    expect(await make(station, 7, { evse_id: 2 })).toBe('Accepted');
    expect(station.told).toEqual(['1 reserve 7', '1 cancel reservation', '2 reserve 7']);
    expect(await make(station, 7, { evse_id: 9 })).toBe('Rejected');
    expect(station.auth.reservations.book.all).toEqual([]);
    expect(station.reservationUpdates).toEqual(['7 Placed', '7 Placed']);
  });

  test('the same id again, for a time that is over: the old one stays', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    expect(await make(station, 7, { evse_id: 1, inMs: 0 })).toBe('Rejected');
    expect(station.told).toEqual(['1 reserve 7']);
    expect(station.auth.reservations.book.all).toHaveLength(1);
  });

  test('the same id again at the same EVSE is for the new card alone', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    expect(await make(station, 7, { evse_id: 1, id_token: 'NEW' })).toBe('Accepted');
    expect(station.told).toEqual(['1 reserve 7', '1 cancel reservation', '1 reserve 7']);
    await station.swipe('RES');
    expect(station.statuses.at(-1)).toBe('Rejected');
    await station.swipe('NEW');
    expect(station.told.at(-1)).toBe('1 authorize Accepted');
  });

  test('EVerest-566: for deadbeef, and the card reads DEADBEEF; the same for its group', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7, { evse_id: 1, id_token: 'deadbeef' });
    await make(station, 8, { evse_id: 2, parent_id_token: 'family' });
    station.validators = [({ id_token }) => verdict('Accepted', id_token.value === 'SON' ? 'FAMILY' : undefined)];
    await station.swipe(card('DEADBEEF', { connectors: [1] }));
    await station.swipe(card('SON', { connectors: [2] }));
    expect(station.results.map((result) => result.reservation_id)).toEqual([7, 8]);
  });

  test('a remote start that comes validated uses it by the group that it brings', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1, parent_id_token: 'FAMILY' });
    const remote = card('SON', { authorization_type: 'OCPP', prevalidated: true, connectors: [1] });
    await station.swipe(remote);
    expect(station.told.at(-1)).toBe('1 authorize NotAtThisTime');
    await station.swipe({ ...remote, parent_id_token: { value: 'family', type: 'Central' } });
    expect(station.results.at(-1)).toMatchObject({ authorization_status: 'Accepted', reservation_id: 7 });
    expect(station.asked).toEqual([]);
  });

  test('cancelled by command: the EVSE hears of it, nothing is published', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    expect(await station.auth.reservations.cancel(7)).toBe(true);
    expect(await station.auth.reservations.cancel(7)).toBe(false);
    expect(station.told).toEqual(['1 reserve 7', '1 cancel reservation']);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
    expect(station.clock.nextDueMs()).toBeUndefined();
  });

  test('runs out on wall time, whatever jumps', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7, { evse_id: 1, inMs: 60_000 });
    await make(station, 8, { evse_id: 2, inMs: 7_200_000 });
    await station.clock.advance(59_999);
    expect(station.reservationUpdates).toEqual(['7 Placed', '8 Placed']);
    await station.clock.advance(1);
    expect(station.told.slice(2)).toEqual(['1 cancel reservation']);
    expect(station.reservationUpdates.slice(2)).toEqual(['7 Expired']);
    station.clock.setWall(station.clock.wallMs() + 7_200_000);
    await station.clock.settle();
    expect(station.reservationUpdates.slice(3)).toEqual(['8 Expired']);
  });

  test('another card is rejected unasked; the own one starts, names the reservation and uses it up', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    station.forget();
    await station.swipe('OTHER');
    expect([station.statuses, station.asked]).toEqual([['Processing', 'Rejected'], []]);
    await station.swipe('res');
    expect(station.told).toEqual(['1 authorize Accepted']);
    expect(station.results.at(-1)?.reservation_id).toBe(7);
    expect(station.reservationUpdates).toEqual([]);
    expect(station.auth.reservations.book.all).toEqual([]);
  });

  test('where the reservation names a group, a card is asked about; only its group gets in', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1, parent_id_token: 'FAMILY' });
    station.forget();
    station.validators = [({ id_token }) => verdict('Accepted', id_token.value === 'SON' ? 'family' : 'NEIGHBOURS')];
    await station.swipe('NEIGHBOUR');
    expect(station.told).toEqual(['1 authorize NotAtThisTime']);
    expect(station.statuses.at(-1)).toBe('Rejected');
    await station.swipe('SON');
    expect(station.told.at(-1)).toBe('1 authorize Accepted');
  });

  test('a refused card leaves no trace that would keep the next one out', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1, parent_id_token: 'FAMILY' });
    await station.swipe('NEIGHBOUR');
    expect(station.evse(1).claimed).toBe(false);
    await station.auth.reservations.cancel(7);
    await station.swipe('NEIGHBOUR');
    expect(station.told.at(-1)).toBe('1 authorize Accepted');
  });

  test.each(['fault', 'disable', 'transaction'])('is given up after a %s', async (what) => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    if (what === 'fault') station.auth.sessions.takeFault(station.evse(1), true);
    else if (what === 'disable') await station.event(1, 'Disabled');
    else await station.startTransaction(1);
    await station.clock.settle();
    expect(station.told.at(-1)).toBe('1 cancel reservation');
    expect(station.reservationUpdates).toEqual(['7 Placed', '7 Removed']);
  });

  test('ended by the EVSE itself', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    await station.event(1, 'ReservationEnd');
    await station.event(1, 'ReservationEnd');
    expect(station.told).toEqual(['1 reserve 7']);
    expect(station.reservationUpdates).toEqual(['7 Placed', '7 Removed']);
  });

  test('an EVSE that comes back is reminded', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    await station.auth.reservations.remind(station.evse(1));
    expect(station.told).toEqual(['1 reserve 7', '1 reserve 7']);
  });
});

describe('of any EVSE', () => {
  test('as long as there is room nobody is kept out', async () => {
    const station = new Station({ evses: 2 });
    expect(await make(station, 7)).toBe('Accepted');
    expect(station.told).toEqual([]);
    await station.swipe(card('OTHER', { connectors: [1] }));
    expect(station.told[0]).toBe('1 authorize Accepted');
  });

  test('the last EVSE is kept, and let go again', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    await station.charge(1, card('A'));
    expect(station.told).toEqual([]);
    await station.swipe('OTHER');
    expect(station.statuses).toEqual(['Processing', 'Rejected']);
    await station.swipe('RES');
    expect(station.told.at(-1)).toBe('2 authorize Accepted');
  });

  test('an EVSE that awaits the car of another card is no place, until that is over', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    await station.swipe(card('A', { connectors: [1] }));
    await station.swipe(card('OTHER', { connectors: [2] }));
    expect(station.statuses.at(-1)).toBe('Rejected');
    station.auth.reservations.recheck();
    await station.clock.advance(20_000);
    expect(station.told).toEqual(['1 authorize Accepted', '2 reserve -1', '1 withdraw', '2 cancel reservation']);
    await station.swipe(card('OTHER', { connectors: [2] }));
    expect(station.statuses.at(-1)).toBe('UsedToStart');
  });

  test('with a car that stands there an EVSE is not told that it is kept', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    await station.plug(2);
    await station.startTransaction(1, card('A'));
    expect(station.told).toEqual([]);
  });

  test('EVSEs hear that they are kept for anybody, and when they are free again', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    await station.startTransaction(1, card('A'));
    expect(station.told).toEqual(['2 reserve -1']);
    await station.finish(1);
    expect(station.told).toEqual(['2 reserve -1', '2 cancel reservation']);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
  });

  test('an EVSE that ends by itself that it is kept for anybody is told again while it matters', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    await station.startTransaction(1, card('A'));
    await station.event(2, 'ReservationEnd');
    expect(station.told).toEqual(['2 reserve -1', '2 reserve -1']);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
  });

  test('as many as there are EVSEs and no more', async () => {
    const station = new Station({ evses: 2 });
    expect(await make(station, 1)).toBe('Accepted');
    expect(await make(station, 2)).toBe('Accepted');
    expect(await make(station, 3)).toBe('Occupied');
    expect(station.told).toEqual(['1 reserve -1', '2 reserve -1']);
  });

  test('with one EVSE left for them, that EVSE cannot be reserved by itself', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 1);
    expect(await make(station, 2, { evse_id: 1 })).toBe('Accepted');
    expect(await make(station, 3, { evse_id: 2 })).toBe('Occupied');
    expect(station.told).toEqual(['1 reserve 2', '2 reserve -1']);
  });

  test('by connector type: only EVSEs of that type are kept', async () => {
    const station = new Station({ types: ['cType2', 'cCCS2'] });
    expect(await make(station, 1, { connector_type: 'cCCS2' })).toBe('Accepted');
    expect(station.told).toEqual(['2 reserve -1']);
    expect(await make(station, 2, { connector_type: 'cG105' })).toBe('Rejected');
    expect(await make(station, 3, { connector_type: 'cCCS2' })).toBe('Occupied');
  });

  test('why not: broken, disabled, in use', async () => {
    const station = new Station();
    station.auth.sessions.takeFault(station.evse(1), true);
    expect(await make(station, 1)).toBe('Faulted');
    station.auth.sessions.takeFault(station.evse(1), false);
    await station.event(1, 'Disabled');
    expect(await make(station, 1)).toBe('Unavailable');
    await station.event(1, 'Enabled');
    await station.charge(1, card('A'));
    expect(await make(station, 1)).toBe('Occupied');
  });

  test('when room runs out the younger one is given up', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 1);
    await make(station, 2);
    station.auth.sessions.takeFault(station.evse(1), true);
    await station.clock.settle();
    expect(station.reservationUpdates.at(-1)).toBe('2 Removed');
    expect(station.auth.reservations.book.all.map(({ reservation_id: id }) => id)).toEqual([1]);
  });
});

describe('while an EVSE is asked', () => {
  /** An EVSE that answers when it is told to. */
  const asking = async (more: Parameters<typeof request>[2] = {}) => {
    const station = new Station({ evses: 2 });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    station.evse(1).port.reserve = async (id) => {
      station.told.push(`1 reserve ${id}`);
      return await promise;
    };
    const outcome = station.auth.reservations.make(request(station, 7, { evse_id: 1, ...more }));
    await station.clock.settle();
    return { station, outcome, resolve };
  };

  test('nobody else gets it', async () => {
    const { station, outcome, resolve } = await asking();
    await station.swipe(card('OTHER', { connectors: [1] }));
    expect(station.statuses.at(-1)).toBe('Rejected');
    expect(await make(station, 8, { evse_id: 1 })).toBe('Occupied');
    resolve(true);
    expect(await outcome).toBe('Accepted');
    expect(station.reservationUpdates).toEqual(['7 Placed']);
  });

  test('its card comes: the reservation was made and is used up', async () => {
    const { station, outcome, resolve } = await asking();
    await station.swipe(card('RES', { connectors: [1] }));
    expect(station.results.at(-1)?.reservation_id).toBe(7);
    resolve(true);
    expect(await outcome).toBe('Accepted');
    expect([station.reservationUpdates, station.auth.reservations.book.all]).toEqual([[], []]);
  });

  test('it breaks: the reservation is rejected, the EVSE told, and nothing was ever placed', async () => {
    const { station, outcome, resolve } = await asking();
    station.auth.sessions.takeFault(station.evse(1), true);
    resolve(true);
    expect(await outcome).toBe('Rejected');
    await station.clock.settle();
    expect(station.told).toEqual(['1 reserve 7', '1 cancel reservation']);
    expect(station.reservationUpdates).toEqual([]);
  });

  test('the end of the reservation before is not taken for the end of this one', async () => {
    const { station, outcome, resolve } = await asking();
    await station.event(1, 'ReservationEnd');
    resolve(true);
    expect(await outcome).toBe('Accepted');
    expect(station.auth.reservations.book.all).toHaveLength(1);
  });

  test('a refusal does not take away what has the same id by now', async () => {
    const { station, outcome, resolve } = await asking();
    expect(await make(station, 7, { evse_id: 2 })).toBe('Accepted');
    resolve(false);
    expect(await outcome).toBe('Rejected');
    expect(station.auth.reservations.book.all).toMatchObject([{ reservation_id: 7, evse_id: 2 }]);
  });
});

describe('whether something is reserved', () => {
  const check = (station: Station, more: Partial<types.reservation.ReservationCheck>) =>
    station.auth.reservations.book.check({ id_token: 'OTHER', ...more });

  test('an EVSE', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7, { evse_id: 1, parent_id_token: 'FAMILY' });
    expect(check(station, { evse_id: 2 })).toBe('NotReserved');
    expect(check(station, { evse_id: 1, id_token: 'res' })).toBe('ReservedForToken');
    expect(check(station, { evse_id: 1, group_id_token: 'family' })).toBe('ReservedForToken');
    expect(check(station, { evse_id: 1 })).toBe('ReservedForOtherTokenAndHasParentToken');
    expect(check(station, { evse_id: 1, group_id_token: 'X' })).toBe('ReservedForOtherToken');
  });

  test('the station', async () => {
    const station = new Station({ evses: 2 });
    await make(station, 7);
    expect(check(station, {})).toBe('NotReserved');
    expect(check(station, { id_token: 'RES' })).toBe('ReservedForToken');
    await make(station, 8, { evse_id: 1 });
    expect(check(station, { evse_id: 2 })).toBe('ReservedForOtherToken');
  });
});

describe('over a restart', () => {
  test('those that still hold are placed again, the others reported', async () => {
    const station = new Station({ evses: 2 });
    await station.auth.reservations.restore([
      request(station, 1, { evse_id: 1 }),
      request(station, 2, { evse_id: 2, inMs: -1 }),
      request(station, 3, { evse_id: 9 }),
    ]);
    expect(station.told).toEqual(['1 reserve 1']);
    expect(station.reservationUpdates).toEqual(['2 Expired', '3 Removed']);
  });

  test('an EVSE that takes none before it has begun is asked again then; nobody else gets it meanwhile', async () => {
    const station = new Station({ evses: 2 });
    station.agrees = false;
    await station.auth.reservations.restore([request(station, 1, { evse_id: 1 }), request(station, 2, { evse_id: 2 })]);
    await station.swipe(card('OTHER', { connectors: [1] }));
    expect([station.statuses.at(-1), station.reservationUpdates]).toEqual(['Rejected', []]);
    station.agrees = true;
    await station.auth.reservations.begun(station.evse(1));
    expect(station.told).toEqual(['1 reserve 1', '2 reserve 2', '1 reserve 1']);
    // One that does not take it even then, because a car stands there, say.
    station.agrees = false;
    await station.auth.reservations.begun(station.evse(2));
    await station.auth.reservations.begun(station.evse(1));
    await station.clock.settle();
    expect(station.reservationUpdates).toEqual(['2 Removed']);
    expect(station.auth.reservations.book.all.map(({ reservation_id: id }) => id)).toEqual([1]);
  });

  test('an EVSE that begins while it is asked', async () => {
    const station = new Station();
    station.agrees = false;
    const restored = station.auth.reservations.restore([request(station, 1, { evse_id: 1 })]);
    station.agrees = true;
    await Promise.all([restored, station.auth.reservations.begun(station.evse(1))]);
    expect(station.told).toEqual(['1 reserve 1', '1 reserve 1']);
    expect(station.reservationUpdates).toEqual([]);
    expect(station.auth.reservations.book.all).toHaveLength(1);
  });

  test('an EVSE that is in use though nobody here knows is asked again after a while, and the reservation given up', async () => {
    const station = new Station();
    station.agrees = false;
    // It has begun long ago, which is told anew to whoever asks.
    await station.auth.reservations.begun(station.evse(1));
    await station.auth.reservations.restore([request(station, 1, { evse_id: 1 })]);
    await station.clock.advance(59_999);
    expect(station.reservationUpdates).toEqual([]);
    await station.clock.advance(1);
    expect(station.told).toEqual(['1 reserve 1', '1 reserve 1', '1 cancel reservation']);
    expect(station.reservationUpdates).toEqual(['1 Removed']);
    await station.swipe('OTHER');
    expect(station.statuses.at(-1)).toBe('UsedToStart');
  });

  test('an EVSE that has not begun is left its time', async () => {
    const station = new Station();
    station.agrees = false;
    await station.auth.reservations.restore([request(station, 1, { evse_id: 1 })]);
    await station.clock.advance(600_000);
    expect([station.told, station.reservationUpdates]).toEqual([['1 reserve 1'], []]);
    station.agrees = true;
    await station.auth.reservations.begun(station.evse(1));
    await station.clock.advance(600_000);
    expect(station.told).toEqual(['1 reserve 1', '1 reserve 1']);
  });

  test('an EVSE that comes back and takes none yet is asked when it has begun', async () => {
    const station = new Station();
    await make(station, 7, { evse_id: 1 });
    station.agrees = false;
    await station.auth.reservations.remind(station.evse(1));
    station.agrees = true;
    await station.auth.reservations.begun(station.evse(1));
    expect(station.told).toEqual(['1 reserve 7', '1 reserve 7', '1 reserve 7']);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
  });

  test('an EVSE that comes back with the car that waits for its card keeps the reservation though it takes none', async () => {
    const station = new Station();
    await station.auth.reservations.begun(station.evse(1));
    await make(station, 7, { evse_id: 1 });
    await station.plug(1);
    station.agrees = false;
    await station.auth.reservations.remind(station.evse(1));
    await station.clock.advance(120_000);
    expect(station.reservationUpdates).toEqual(['7 Placed']);
    await station.swipe('OTHER');
    expect(station.statuses.at(-1)).toBe('Rejected');
    await station.swipe('RES');
    expect(station.results.at(-1)?.reservation_id).toBe(7);
  });

  test('whoever stops leaves no timer', async () => {
    const station = new Station();
    station.agrees = false;
    await station.auth.reservations.restore([request(station, 1, { evse_id: 1 })]);
    station.auth.stop();
    expect(station.clock.nextDueMs()).toBeUndefined();
  });

  test('what an earlier life has told the EVSEs is taken back or told again, and once', async () => {
    const station = new Station({ evses: 3 });
    await station.startTransaction(1, card('A'));
    station.evse(3).reachable = false;
    station.auth.reservations.resume([request(station, 1), request(station, 2, { evse_id: 3 })], [1, 2, 3]);
    await station.clock.settle();
    expect(station.told).toEqual(['1 cancel reservation', '2 reserve -1']);
    station.auth.reservations.recheck();
    await station.clock.settle();
    expect(station.told).toHaveLength(2);
  });

  test('an EVSE that was told nothing is told nothing', async () => {
    const station = new Station();
    station.auth.reservations.resume([], []);
    await station.clock.settle();
    expect(station.told).toEqual([]);
  });

  test('an EVSE that is away then hears it when it is back', async () => {
    const station = new Station();
    station.evse(1).reachable = false;
    station.auth.reservations.resume([], [1]);
    await station.clock.settle();
    expect(station.told).toEqual([]);
    station.evse(1).reachable = true;
    await station.auth.reservations.remind(station.evse(1));
    await station.clock.settle();
    expect(station.told).toEqual(['1 cancel reservation']);
  });
});
