import { describe, expect, test } from '@jest/globals';
import { TokenTable } from '../../src/authorization/token-table.ts';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const accepted = { status: 'Accepted' };
const rejected = { status: 'Rejected' };

async function start(bench: Bench, connectorId?: number, more: object = {}): Promise<unknown> {
  return ask(bench, 'RemoteStartTransaction', {
    idTag: 'REMOTE1',
    ...(connectorId === undefined ? {} : { connectorId }),
    ...more,
  });
}

describe('a named connector', () => {
  test('is passed on after the answer', async () => {
    using bench = await booted(new Bench());
    bench.station.remoteStart = (request) => {
      bench.station.asked.push(['remoteStart', request, bench.csms.heard.length]);
    };
    expect(await start(bench, 1)).toEqual(accepted);
    expect(bench.station.calls('remoteStart')).toEqual([
      [{ idTag: 'REMOTE1', connectorIds: [1], prevalidated: false }, 1],
    ]);
  });

  test('without AuthorizeRemoteTxRequests nobody is asked again', async () => {
    using bench = await booted(new Bench({ sections: { Core: { AuthorizeRemoteTxRequests: false } } }));
    await start(bench, 1);
    expect(bench.station.calls('remoteStart')).toMatchObject([[{ prevalidated: true }]]);
  });

  test.each([0, -1, 2])('open-ocpp-161: %i is not one', async (connectorId) => {
    using bench = await booted(new Bench());
    expect(await start(bench, connectorId)).toEqual(rejected);
    expect(bench.station.calls('remoteStart')).toEqual([]);
  });

  test('with a car plugged in it may start', async () => {
    using bench = await booted(new Bench());
    const id = bench.begin();
    bench.end(id);
    bench.chargePoint.sessionFinished(1);
    bench.chargePoint.sessionStarted(1, { sessionId: id, reason: 'EVConnected' });
    expect(await start(bench, 1)).toEqual(accepted);
  });

  test('in a transaction, after one, unavailable or faulted it may not', async () => {
    using bench = await booted(new Bench());
    const id = bench.begin();
    expect(await start(bench, 1)).toEqual(rejected);
    bench.end(id);
    expect(await start(bench, 1)).toEqual(rejected);
    bench.chargePoint.sessionFinished(1);
    expect(await start(bench, 1)).toEqual(accepted);
    bench.chargePoint.disabled(1);
    expect(await start(bench, 1)).toEqual(rejected);
    bench.chargePoint.enabled(1);
    bench.chargePoint.errorRaised(1, { id: 'e', errorCode: 'OtherError', fault: true, timestampMs: 0 });
    expect(await start(bench, 1)).toEqual(rejected);
  });

  test.each([
    ['ReservedForToken', accepted],
    ['ReservedForOtherToken', rejected],
  ] as const)('reserved: %s', async (reservation, answer) => {
    using bench = await booted(new Bench());
    bench.chargePoint.reservationStarted(1);
    bench.station.reservation = reservation;
    expect(await start(bench, 1)).toEqual(answer);
  });

  test.each([
    [true, accepted],
    [false, rejected],
  ])('reserved for a group: with AuthorizeRemoteTxRequests %s', async (asks, answer) => {
    using bench = await booted(new Bench({ sections: { Core: { AuthorizeRemoteTxRequests: asks } } }));
    bench.chargePoint.reservationStarted(1);
    bench.station.reservation = 'ReservedForOtherTokenAndHasParentToken';
    expect(await start(bench, 1)).toEqual(answer);
  });

  test('the group that the station knows goes along, to the reservations and to the start', async () => {
    using bench = new Bench();
    new TokenTable(bench.store, 'AUTH_CACHE').put('Remote1', { status: 'Accepted', parentIdTag: 'FAMILY' });
    await booted(bench);
    expect(await start(bench, 1)).toEqual(accepted);
    expect(bench.station.calls('reservationFor')).toEqual([[1, 'REMOTE1', 'FAMILY']]);
    expect(bench.station.calls('remoteStart')).toMatchObject([[{ idTag: 'REMOTE1', parentIdTag: 'FAMILY' }]]);
  });

  test('a charging profile that could not be kept is not ignored where smart charging is offered', async () => {
    const chargingProfile = {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
    };
    using without = await booted(new Bench());
    expect(await start(without, 1, { chargingProfile })).toEqual(accepted);
    using offered = await booted(
      new Bench({
        sections: {
          Core: { SupportedFeatureProfiles: 'Core,SmartCharging' },
          SmartCharging: {
            ChargeProfileMaxStackLevel: 42,
            ChargingScheduleAllowedChargingRateUnit: 'Current,Power',
            ChargingScheduleMaxPeriods: 42,
            MaxChargingProfilesInstalled: 42,
          },
        },
      }),
    );
    expect(await start(offered, 1, { chargingProfile })).toEqual(rejected);
  });
});

describe('no connector named', () => {
  test('all that are free', async () => {
    using bench = await booted(new Bench({ connectors: 3 }));
    bench.begin(1);
    expect(await start(bench)).toEqual(accepted);
    expect(bench.station.calls('remoteStart')).toMatchObject([[{ connectorIds: [2, 3] }]]);
  });

  test('or only the first', async () => {
    using bench = await booted(
      new Bench({ connectors: 2, sections: { Internal: { RemoteStartTransactionWithoutConnectorIdFindFirst: true } } }),
    );
    await start(bench);
    expect(bench.station.calls('remoteStart')).toMatchObject([[{ connectorIds: [1] }]]);
  });

  test('or none, where the configuration wants one named', async () => {
    using bench = await booted(
      new Bench({ sections: { Internal: { RejectRemoteStartTransactionWithoutConnectorId: true } } }),
    );
    expect(await start(bench)).toEqual(rejected);
    expect(await start(bench, 1)).toEqual(accepted);
  });
});
