import { describe, expect, test } from '@jest/globals';
import type { EvsePort } from '../../src/ports.ts';
import { card, Station } from '../station.ts';

const forever = (): Promise<never> => new Promise(() => {});
const inAnHour = '2026-01-01T01:00:00.000Z';

/** How EVSE 1 comes to be asked, and never answers. */
const calls: readonly [keyof EvsePort, (station: Station) => Promise<void> | void][] = [
  ['authorize', (station) => station.swipe(card('A', { connectors: [1] }))],
  [
    'withdraw',
    async (station) => {
      await station.swipe(card('A', { connectors: [1] }));
      void station.auth.withdraw({ evse_id: 1 });
    },
  ],
  [
    'stop',
    async (station) => {
      await station.charge(1, card('A'));
      await station.swipe(card('A', { connectors: [1] }));
    },
  ],
  ['reserve', (station) => void station.auth.reservations.make({ ...reservation(1), evse_id: 1 })],
  [
    'cancelReservation',
    async (station) => {
      await station.auth.reservations.make({ ...reservation(1), evse_id: 1 });
      void station.auth.reservations.cancel(1);
    },
  ],
];

const reservation = (reservation_id: number) => ({ reservation_id, id_token: 'RES', expiry_time: inAnHour });

describe.each(calls)('while EVSE 1 does not answer to %s', (name, ask) => {
  async function stuck(): Promise<Station> {
    const station = new Station({ evses: 3 });
    Object.assign(station.evse(1).port, { [name]: forever });
    await ask(station);
    await station.clock.settle();
    station.forget();
    return station;
  }

  test('another EVSE is authorised, charges and is stopped', async () => {
    const station = await stuck();
    await station.plug(2);
    await station.swipe(card('B', { connectors: [2] }));
    await station.startTransaction(2, card('B'));
    await station.swipe('B');
    expect(station.told).toEqual(['2 authorize Accepted', '2 stop Local']);
    expect(station.statuses).toEqual(['Processing', 'Accepted', 'UsedToStart', 'Processing', 'UsedToStop']);
  });

  test('another EVSE is reserved and let go, and its authorization taken back', async () => {
    const station = await stuck();
    expect(await station.auth.reservations.make({ ...reservation(2), evse_id: 2 })).toBe('Accepted');
    expect(await station.auth.reservations.cancel(2)).toBe(true);
    await station.swipe(card('B', { connectors: [3] }));
    expect(await station.auth.withdraw({ evse_id: 3 })).toBe('Accepted');
    expect(station.statuses.at(-1)).toBe('Withdrawn');
  });

  test('another EVSE hears that it is the last for who holds a reservation of no EVSE', async () => {
    const station = await stuck();
    await station.startTransaction(1, card('A'));
    for (const id of [2, 3]) await station.auth.reservations.make(reservation(id));
    await station.clock.settle();
    expect(station.told.filter((told) => told.endsWith('reserve -1')).sort()).toEqual(['2 reserve -1', '3 reserve -1']);
  });
});

test('while EVSE 1 does not answer that it is kept, the others hear it of themselves', async () => {
  const station = new Station({ evses: 3 });
  station.evse(1).port.reserve = forever;
  for (const id of [1, 2, 3]) await station.auth.reservations.make(reservation(id));
  await station.clock.settle();
  expect(station.told).toEqual(['2 reserve -1', '3 reserve -1']);
  await station.auth.reservations.cancel(1);
  await station.clock.settle();
  expect(station.told.slice(2)).toEqual(['2 cancel reservation', '3 cancel reservation']);
});
