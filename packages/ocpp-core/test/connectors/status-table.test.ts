import { expect, test } from '@jest/globals';
import {
  type ConnectorEvent,
  type ConnectorState,
  stationStatusTable,
  statusTable,
} from '../../src/connectors/status-table.ts';

const events: readonly ConnectorEvent[] = [
  'usageInitiated',
  'startCharging',
  'pauseEv',
  'pauseEvse',
  'transactionStopped',
  'becomeAvailable',
  'reserve',
  'reservationEnd',
  'toUnavailable',
];

/** Written down anew, by the column, so that a slip in the table shows. `-`: nothing happens. */
const wanted: Record<ConnectorState, string> = {
  Available: 'Preparing Charging SuspendedEV SuspendedEVSE - - Reserved - Unavailable',
  Preparing: '- Charging SuspendedEV SuspendedEVSE Finishing Available - - -',
  Charging: '- - SuspendedEV SuspendedEVSE Finishing Available - - Unavailable',
  SuspendedEV: '- Charging - SuspendedEVSE Finishing Available - - Unavailable',
  SuspendedEVSE: '- Charging SuspendedEV SuspendedEVSE Finishing Available - - Unavailable',
  Finishing: 'Preparing - - - - Available - - Unavailable',
  Reserved: 'Preparing - - - - Available - Available Unavailable',
  Unavailable: 'Preparing Charging SuspendedEV SuspendedEVSE - Available - - -',
};

test.each(Object.entries(wanted))('from %s', (state, row) => {
  const transitions = statusTable[state as ConnectorState];
  expect(events.map((event) => transitions[event] ?? '-').join(' ')).toBe(row);
});

test('the station itself is available or not', () => {
  expect(stationStatusTable).toEqual({
    Available: { toUnavailable: 'Unavailable' },
    Unavailable: { becomeAvailable: 'Available' },
  });
});
