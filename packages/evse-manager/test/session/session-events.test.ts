import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { SessionEvents } from '../../src/session/session-events.ts';

function sessionEvents() {
  const told: string[] = [];
  const meter_value = { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 7 } };
  const events = new SessionEvents(
    {
      written: async () => {},
      sessionEvent: (event) => told.push(JSON.stringify(event)),
      selectedProtocol: (protocol) => told.push(protocol),
    },
    { clock: new VirtualClock(), meterValue: () => meter_value },
  );
  return { told, events, meter_value };
}

test('events carry the meter where it belongs to them, and are followed by the protocol', () => {
  const { told, events, meter_value } = sessionEvents();
  const timestamp = '2026-01-01T00:00:00.000Z';
  events.publish('SessionStarted', 's', { session_started: { reason: 'EVConnected', meter_value } });
  events.publish('Authorized', 's');
  events.publish('ChargingStarted', 's');
  events.publish('ChargingPausedEVSE', 's', { charging_paused_evse: { reasons: ['Error'] } });
  events.publish('StoppingCharging', 's');
  expect(told.map((line) => (line.startsWith('{') ? JSON.parse(line) : line))).toEqual([
    { uuid: 's', timestamp, event: 'SessionStarted', session_started: { reason: 'EVConnected', meter_value } },
    { uuid: 's', timestamp, event: 'Authorized', authorization_event: { meter_value } },
    'IEC61851-1',
    { uuid: 's', timestamp, event: 'ChargingStarted', charging_state_changed_event: { meter_value } },
    'IEC61851-1',
    {
      uuid: 's',
      timestamp,
      event: 'ChargingPausedEVSE',
      charging_state_changed_event: { meter_value },
      charging_paused_evse: { reasons: ['Error'] },
    },
    { uuid: 's', timestamp, event: 'StoppingCharging' },
    'IEC61851-1',
  ]);
});

test('the protocol is unknown once the transaction or the session is over', () => {
  const { told, events } = sessionEvents();
  events.publish('SessionStarted', 's');
  events.publish('TransactionFinished', 's');
  events.publish('SessionFinished', 's');
  events.publish('Enabled', '');
  expect(told.filter((line) => !line.startsWith('{'))).toEqual(['Unknown', 'Unknown']);
});
