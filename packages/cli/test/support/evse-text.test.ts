import type { EvseActivity } from '@chargemesh/manager';
import { expect, test } from '@jest/globals';
import { describeEvse } from '../../src/support/evse-text.ts';

const idle: EvseActivity = {
  status: 'Available',
  session: undefined,
  powerW: 0,
  registerWh: 10_000,
  limitA: 0,
  faults: [],
};
const session = {
  id: '2f3a8c9e-0000-4000-8000-000000000000',
  since: '2026-01-01T12:00:00.000Z',
  transaction: true,
  idTag: 'DEADBEEF',
  startWh: 9_500,
};

test.each<[string, EvseActivity]>([
  ['Available', idle],
  [
    'Charging, 11.04 kW, limit 16 A, 0.50 kWh, card DEADBEEF, session 2f3a8c9e since 2026-01-01T12:00:00.000Z',
    { ...idle, status: 'Charging', session, powerW: 11_040, limitA: 16.000_001 },
  ],
  [
    'Preparing, session 2f3a8c9e since 2026-01-01T12:00:00.000Z',
    {
      ...idle,
      status: 'Preparing',
      powerW: undefined,
      session: { ...session, transaction: false, idTag: undefined, startWh: undefined },
    },
  ],
  [
    'Faulted; evse_manager/Inoperative (evse_board_support/DiodeFault)',
    {
      ...idle,
      status: 'Faulted',
      faults: [{ type: 'evse_manager/Inoperative', message: 'evse_board_support/DiodeFault' }],
    },
  ],
])('%s', (text, activity) => {
  expect(describeEvse(activity)).toBe(text);
});
