import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/index.ts';
import { Bench, type Sections } from '../support/bench.ts';

async function build(sections: Sections = {}): Promise<Bench> {
  const bench = new Bench({ sections });
  await bench.start();
  bench.csms.forget();
  return bench;
}

/** Status and reason of each notification, in short. */
function told({ csms }: Bench): string[] {
  return csms
    .payloads('StatusNotification')
    .map(({ status, info }) => (info === undefined ? `${status}` : `${status} ${info}`));
}

const session = { sessionId: sessionId('s'), reason: 'EVConnected' } as const;

describe('what happens at the EVSE', () => {
  test('plugged in, and no card before the time was over', async () => {
    using bench = await build();
    bench.chargePoint.sessionStarted(1, session);
    bench.chargePoint.plugInTimeout(1);
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1);
    expect(told(bench)).toEqual(['Preparing EVConnected', 'Finishing ConnectionTimeout', 'Available']);
  });

  test('a reservation, ended and used', async () => {
    using bench = await build();
    bench.chargePoint.reservationStarted(1);
    bench.chargePoint.reservationEnded(1);
    bench.chargePoint.reservationStarted(1);
    bench.chargePoint.sessionStarted(1, session);
    bench.chargePoint.sessionStarted(1, { ...session, reason: 'Authorized' });
    await bench.clock.advance(1);
    expect(told(bench)).toEqual(['Reserved', 'Available', 'Reserved', 'Preparing Authorized']);
  });

  test('a transaction on a reserved connector brings it to Preparing', async () => {
    using bench = await build();
    bench.chargePoint.reservationStarted(1);
    bench.begin();
    await bench.clock.advance(1);
    expect(told(bench)).toEqual(['Reserved', 'Preparing', 'Charging']);
  });

  test('paused by the car and by the station', async () => {
    using bench = await build();
    bench.begin();
    bench.chargePoint.pausedByEv(1);
    bench.chargePoint.pausedByEvse(1, { reasons: ['Error'] });
    bench.chargePoint.pausedByEvse(1, { reasons: ['NoEnergy'] });
    bench.chargePoint.chargingStarted(1);
    bench.chargePoint.pausedByEvse(1, { info: 'SwitchingPhases' });
    await bench.clock.advance(1);
    expect(told(bench).slice(2)).toEqual(['SuspendedEV', 'SuspendedEVSE', 'Charging', 'SuspendedEVSE SwitchingPhases']);
  });

  test('ReportSuspendedEVSEReasonChange tells each reason, and again when asked', async () => {
    using bench = await build({ Internal: { ReportSuspendedEVSEReasonChange: true } });
    bench.begin();
    bench.chargePoint.pausedByEvse(1, { reasons: ['Error'] });
    bench.chargePoint.pausedByEvse(1, { reasons: ['Error', 'NoEnergy'] });
    bench.chargePoint.pausedByEvse(1, { reasons: ['Error', 'NoEnergy'] });
    await bench.clock.advance(1);
    await bench.csms.call('TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 });
    await bench.clock.advance(1);
    expect(told(bench).slice(2)).toEqual([
      'SuspendedEVSE Error',
      'SuspendedEVSE Error,NoEnergy',
      'SuspendedEVSE Error,NoEnergy',
    ]);
  });

  test('events of a connector that does not exist do no harm', async () => {
    using bench = await build();
    bench.begin(7);
    bench.chargePoint.errorRaised(7, { id: 'e', errorCode: 'OtherError', fault: true, timestampMs: 0 });
    bench.chargePoint.sessionFinished(7);
    await bench.clock.advance(1);
    expect(bench.csms.requests()).toEqual([]);
    expect(bench.chargePoint.connectorStatus(7)).toBe('Unavailable');
  });
});

describe('errors', () => {
  test('libocpp-1020: one of several clears', async () => {
    using bench = await build();
    const fault = { id: 'a', errorCode: 'OtherError', fault: true, timestampMs: 1, info: 'caused_by:x' } as const;
    const warning = { id: 'b', errorCode: 'HighTemperature', fault: false, timestampMs: 2 } as const;
    bench.chargePoint.errorRaised(1, fault);
    bench.chargePoint.errorRaised(1, fault);
    bench.chargePoint.errorRaised(1, warning);
    bench.chargePoint.errorCleared(1, 'a');
    bench.chargePoint.errorCleared(1, 'b');
    bench.chargePoint.errorCleared(1, 'c');
    await bench.clock.advance(1);
    expect(bench.csms.payloads('StatusNotification').map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['Faulted', 'OtherError'],
      ['Faulted', 'HighTemperature'],
      ['Available', 'HighTemperature'],
      ['Available', 'NoError'],
    ]);
  });

  test('EVerest-2836: two in the same instant are both told where no duration is asked for', async () => {
    using bench = await build({ Core: { MinimumStatusDuration: 0 } });
    for (const id of ['a', 'b'])
      bench.chargePoint.errorRaised(1, { id, errorCode: 'GroundFailure', fault: false, timestampMs: 1 });
    await bench.clock.advance(1);
    expect(bench.csms.payloads('StatusNotification')).toHaveLength(2);
  });
});

describe('MinimumStatusDuration', () => {
  test('open-ocpp-46: only what lasts is told; what the CSMS asks for is told at once', async () => {
    using bench = await build({ Core: { MinimumStatusDuration: 5 } });
    await bench.clock.advance(5000);
    bench.csms.forget();
    bench.chargePoint.sessionStarted(1, session);
    await bench.clock.advance(4000);
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1000);
    await bench.csms.call('TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 });
    await bench.clock.advance(1);
    expect(told(bench)).toEqual(['Available']);
    await bench.clock.advance(4000);
    expect(told(bench)).toEqual(['Available', 'Available']);
  });
});
