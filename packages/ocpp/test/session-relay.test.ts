import { parseTimestamp, silentLogger } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { relaySessionEvent, type SessionInputs } from '../src/session-relay.ts';

type SessionEvent = types.evse_manager.SessionEvent;

const timestamp = '2026-01-01T00:00:10.000Z';
const timestampMs = parseTimestamp(timestamp) ?? 0;
const meter = (wh: number): types.powermeter.Powermeter => ({ timestamp, energy_Wh_import: { total: wh } });
const token = (value: string): types.authorization.ProvidedIdToken => ({
  authorization_type: 'RFID',
  id_token: { value, type: 'ISO14443' },
});

/** What the charge point is told of an event: names of its inputs with what they got. */
function relayed(event: Partial<SessionEvent> & Pick<SessionEvent, 'event'>): unknown[] {
  const told: unknown[] = [];
  const record =
    (name: string) =>
    (...args: unknown[]): void =>
      void told.push([name, ...args]);
  const inputs: SessionInputs = {
    sessionStarted: record('sessionStarted'),
    transactionStarted: record('transactionStarted'),
    chargingStarted: record('chargingStarted'),
    pausedByEv: record('pausedByEv'),
    pausedByEvse: record('pausedByEvse'),
    transactionFinished: record('transactionFinished'),
    sessionFinished: record('sessionFinished'),
    sessionResumed: record('sessionResumed'),
    enabled: record('enabled'),
    disabled: record('disabled'),
    reservationStarted: record('reservationStarted'),
    reservationEnded: record('reservationEnded'),
    plugInTimeout: record('plugInTimeout'),
  };
  relaySessionEvent(inputs, 2, { uuid: 's', timestamp, ...event } as SessionEvent, silentLogger);
  return told;
}

const resumed = ['sessionResumed', 's'];

describe('each event of an EVSE is what it means to OCPP', () => {
  test.each([
    [{ event: 'Enabled' }, [['enabled', 2]]],
    [{ event: 'Disabled' }, [['disabled', 2]]],
    [
      { event: 'SessionStarted', session_started: { reason: 'Authorized', meter_value: meter(1) } },
      [['sessionStarted', 2, { sessionId: 's', reason: 'Authorized' }]],
    ],
    [{ event: 'ChargingStarted' }, [resumed, ['chargingStarted', 2]]],
    [{ event: 'ChargingPausedEV' }, [resumed, ['pausedByEv', 2]]],
    [
      { event: 'ChargingPausedEVSE', charging_paused_evse: { reasons: ['NoEnergy'] } },
      [resumed, ['pausedByEvse', 2, { reasons: ['NoEnergy'] }]],
    ],
    [{ event: 'SwitchingPhases' }, [resumed, ['pausedByEvse', 2, { info: 'SwitchingPhases' }]]],
    [{ event: 'SessionFinished' }, [['sessionFinished', 2]]],
    [{ event: 'ReservationStart' }, [['reservationStarted', 2]]],
    [{ event: 'ReservationEnd' }, [['reservationEnded', 2]]],
    [{ event: 'PluginTimeout' }, [['plugInTimeout', 2]]],
    [{ event: 'SessionResumed' }, [resumed]],
  ] as [SessionEvent, unknown[]][])('%j', (event, told) => {
    expect(relayed(event)).toEqual(told);
  });

  test.each(['Authorized', 'Deauthorized', 'AuthRequired', 'PrepareCharging', 'StoppingCharging', 'ChargingFinished'])(
    '%s means nothing',
    (event) => {
      expect(relayed({ event: event as SessionEvent['event'] })).toEqual([]);
    },
  );

  test('a transaction begins with its card, meter, reservation and signed value', () => {
    const started = {
      id_tag: token('TAG1'),
      meter_value: meter(100.6),
      reservation_id: 7,
      signed_meter_value: { signed_meter_data: 'begin', signing_method: '', encoding_method: '' },
    };
    expect(relayed({ event: 'TransactionStarted', transaction_started: started })).toEqual([
      [
        'transactionStarted',
        2,
        {
          sessionId: 's',
          idTag: 'TAG1',
          meterStartWh: 100.6,
          timestampMs,
          reservationId: 7,
          signedStart: { value: 'begin', timestampMs },
        },
      ],
    ]);
  });

  test('a transaction ends with its reason, its card where one was shown, and both signed values', () => {
    const signed = (value: string) => ({ signed_meter_data: value, signing_method: '', encoding_method: '' });
    const finished = {
      reason: 'StoppedByEV' as const,
      meter_value: meter(200),
      start_signed_meter_value: signed('begin'),
      signed_meter_value: signed('end'),
    };
    const told = {
      sessionId: 's',
      reason: 'Other',
      meterStopWh: 200,
      timestampMs,
      signedStart: { value: 'begin', timestampMs },
      signedStop: { value: 'end', timestampMs },
    };
    expect(relayed({ event: 'TransactionFinished', transaction_finished: finished })).toEqual([
      ['transactionFinished', 2, told],
    ]);
    expect(
      relayed({ event: 'TransactionFinished', transaction_finished: { ...finished, id_tag: token('TAG2') } }),
    ).toEqual([['transactionFinished', 2, { ...told, idTag: 'TAG2' }]]);
  });

  test.each(['TransactionStarted', 'TransactionFinished'])('%s without its details is left out', (event) => {
    expect(relayed({ event: event as SessionEvent['event'] })).toEqual([]);
  });
});
