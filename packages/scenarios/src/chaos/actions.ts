import type { Random } from '@chargemesh/base';
import type { Step } from '../language/scenario.ts';
import { pick, pickWeighted, type Weighted } from './pick.ts';

/** Cards of the generated scenarios, as the CSMS knows them. */
export const CHAOS_TAGS = {
  unknown: 'Invalid',
  tags: {
    DEADBEEF: 'Accepted',
    CAFE0001: 'Accepted',
    FLEET001: { status: 'Accepted', parent: 'FLEET' },
    FLEET002: { status: 'Accepted', parent: 'FLEET' },
    STOLEN01: 'Blocked',
  },
} as const;

/** What people, cars and the CSMS do, for one EVSE. */
type Action = (random: Random, evse: number, atMostS: number) => readonly Step[];

const call = (action: string, payload: Readonly<Record<string, unknown>>): readonly Step[] => [
  { attempt: { call: { action, payload, within: '5 s' } } },
];

const swipe = (evse: number, card: string): readonly Step[] => [{ attempt: { swipe: { evse, card } } }];

const card = (random: Random, evse: number): string =>
  // Mostly the one that has begun: so that cards stop what they have started.
  random.real() < 0.7
    ? evse === 1
      ? 'DEADBEEF'
      : 'CAFE0001'
    : pick(random, ['DEADBEEF', 'CAFE0001', 'FLEET001', 'FLEET002', 'STOLEN01', 'NOBODY01']);

/** Comes, draws, and stays until it is unplugged. */
const plug = (random: Random, evse: number): readonly Step[] => {
  const current = pick(random, [6, 10, 16, 32]);
  const run = `sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated ${current},${pick(random, [1, 3])};sleep 86400`;
  return [{ attempt: { script: { evse, run } } }];
};

const ACTIONS: readonly [Weighted<Action>, ...Weighted<Action>[]] = [
  { weight: 5, make: plug },
  {
    weight: 4,
    make: (random, evse, atMostS) => [
      ...plug(random, evse),
      { wait: pause(random, Math.min(8, atMostS)) },
      ...swipe(evse, card(random, evse)),
    ],
  },
  {
    weight: 4,
    make: (random, evse, atMostS) => [
      ...swipe(evse, card(random, evse)),
      { wait: pause(random, Math.min(8, atMostS)) },
      ...plug(random, evse),
    ],
  },
  { weight: 5, make: (random, evse) => swipe(evse, card(random, evse)) },
  { weight: 4, make: (_random, evse) => [{ attempt: { unplug: evse } }] },
  { weight: 2, make: (_random, evse) => [{ attempt: { pause: evse } }] },
  { weight: 2, make: (_random, evse) => [{ attempt: { resume: evse } }] },
  {
    weight: 3,
    make: (random, evse) => call('RemoteStartTransaction', { connectorId: evse, idTag: card(random, evse) }),
  },
  { weight: 2, make: (_random, evse) => call('RemoteStopTransaction', { transactionId: `$tx${evse}` }) },
  {
    weight: 1,
    make: (random, evse) =>
      call('ChangeAvailability', {
        connectorId: pick(random, [0, evse]),
        type: pick(random, ['Inoperative', 'Operative']),
      }),
  },
  { weight: 1, make: (random) => call('Reset', { type: pick(random, ['Soft', 'Hard']) }) },
  { weight: 1, make: (_random, evse) => call('UnlockConnector', { connectorId: evse }) },
  {
    weight: 1,
    make: (random, evse) =>
      call('TriggerMessage', {
        requestedMessage: pick(random, ['MeterValues', 'StatusNotification', 'Heartbeat']),
        connectorId: evse,
      }),
  },
  {
    weight: 1,
    make: (random) =>
      call('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: String(pick(random, [0, 5, 10, 60])) }),
  },
  { weight: 1, make: boardFault },
];

function boardFault(random: Random, evse: number, atMostS: number): readonly Step[] {
  const type = pick(random, ['MREC6UnderVoltage', 'MREC8EmergencyStop', 'DiodeFault']);
  return [
    { attempt: { fault: { evse, type } } },
    { wait: pause(random, Math.min(10, atMostS)) },
    { attempt: { fault: { evse, type, clear: true } } },
  ];
}

/** A time up to so many seconds; half of them are next to nothing. */
export function pause(random: Random, atMostS: number): string {
  return random.real() < 0.5 ? `${random.integer(1, 400)} ms` : `${random.integer(1, Math.round(atMostS * 1000))} ms`;
}

/** What somebody does next at one EVSE, with pauses of so many seconds at most. */
export function anyAction(random: Random, evse: number, atMostS: number): readonly Step[] {
  return pickWeighted(random, ACTIONS)(random, evse, atMostS);
}
