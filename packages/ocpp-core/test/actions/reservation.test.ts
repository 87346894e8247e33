import { parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/index.ts';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const expiryDate = '2026-03-01T01:00:00Z';
const request = { connectorId: 1, expiryDate, idTag: 'RES1', reservationId: 7 };

function bench(options: { readonly profiles?: string; readonly zero?: boolean } = {}): Bench {
  const { profiles = 'Core,Reservation', zero = true } = options;
  return new Bench({
    sections: {
      Core: { SupportedFeatureProfiles: profiles },
      Reservation: { ReserveConnectorZeroSupported: zero },
    },
  });
}

async function reserve(on: Bench, more: object = {}): Promise<unknown> {
  return ask(on, 'ReserveNow', { ...request, ...more });
}

describe('ReserveNow', () => {
  test('is passed on, and answered with what the station made of it', async () => {
    using on = await booted(bench());
    for (const status of ['Accepted', 'Faulted', 'Occupied', 'Rejected', 'Unavailable'] as const) {
      on.station.reservationResult = status;
      expect(await reserve(on, { parentIdTag: 'GROUP' })).toEqual({ status });
    }
    expect(on.station.calls('reserve')[0]).toEqual([
      { reservationId: 7, connectorId: 1, idTag: 'RES1', parentIdTag: 'GROUP', expiryMs: parseTimestamp(expiryDate) },
    ]);
  });

  test('the connector is Reserved until whoever it is kept for comes, not by a car alone', async () => {
    using on = await booted(bench());
    await reserve(on);
    on.chargePoint.reservationStarted(1);
    on.chargePoint.sessionStarted(1, { sessionId: sessionId('a-car'), reason: 'EVConnected' });
    expect(on.chargePoint.connectorStatus(1)).toBe('Reserved');
    on.chargePoint.sessionStarted(1, { sessionId: sessionId('a-car'), reason: 'Authorized' });
    expect(on.chargePoint.connectorStatus(1)).toBe('Preparing');
  });

  test('a faulted connector, and one in front of which a session begins, is refused without asking', async () => {
    using on = await booted(bench());
    on.chargePoint.errorRaised(1, { id: 'e', errorCode: 'OtherError', fault: true, timestampMs: 0 });
    expect(await reserve(on)).toEqual({ status: 'Faulted' });
    on.chargePoint.errorCleared(1, 'e');
    const id = on.begin();
    on.end(id);
    on.chargePoint.sessionFinished(1);
    on.chargePoint.sessionStarted(1, { sessionId: id, reason: 'EVConnected' });
    expect(await reserve(on)).toEqual({ status: 'Occupied' });
    expect(on.station.calls('reserve')).toEqual([]);
  });

  test.each([
    [true, { status: 'Accepted' }],
    [false, { status: 'Rejected' }],
  ])('connector 0, where that is %s in the configuration', async (zero, answer) => {
    using on = await booted(bench({ zero }));
    expect(await reserve(on, { connectorId: 0 })).toEqual(answer);
  });

  test('a connector that there is not is refused', async () => {
    using on = await booted(bench());
    expect(await reserve(on, { connectorId: 9 })).toEqual({ status: 'Rejected' });
    expect(on.station.calls('reserve')).toEqual([]);
  });

  test('without the profile it is Rejected, by a result', async () => {
    using on = await booted(bench({ profiles: 'Core' }));
    expect(await reserve(on)).toEqual({ status: 'Rejected' });
    expect(on.station.calls('reserve')).toEqual([]);
  });

  test('a station that fails has not reserved', async () => {
    using on = await booted(bench());
    on.station.reserve = () => Promise.reject(new Error('gone'));
    expect(await reserve(on)).toEqual({ status: 'Rejected' });
  });
});

test('an expiryDate that cannot be read is refused as such', async () => {
  using on = await booted(bench());
  expect(await reserve(on, { expiryDate: '2026-02-30T25:00:00Z' })).toEqual([
    expect.stringMatching(/Violation$/),
    expect.anything(),
  ]);
  expect(on.station.calls('reserve')).toEqual([]);
});

describe('CancelReservation', () => {
  test.each([
    [true, 'Accepted'],
    [false, 'Rejected'],
  ])('of a reservation that exists: %s', async (exists, status) => {
    using on = await booted(bench());
    on.station.reservationExists = exists;
    expect(await ask(on, 'CancelReservation', { reservationId: 7 })).toEqual({ status });
    expect(on.station.calls('cancelReservation')).toEqual([[7]]);
  });

  test('a station that fails has not cancelled', async () => {
    using on = await booted(bench());
    on.station.cancelReservation = () => Promise.reject(new Error('gone'));
    expect(await ask(on, 'CancelReservation', { reservationId: 7 })).toEqual({ status: 'Rejected' });
  });

  test('without the profile it is refused by a CALLERROR', async () => {
    using on = await booted(bench({ profiles: 'Core' }));
    expect(await ask(on, 'CancelReservation', { reservationId: 7 })).toEqual(['NotSupported', {}]);
    expect(on.station.calls('cancelReservation')).toEqual([]);
  });
});
