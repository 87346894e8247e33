import { expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import type { EvseConfig } from '../../src/evse-ports.ts';
import { EvseRig, type Step } from './evse-rig.ts';
import { insideEvents } from './session-order.ts';

const kind = <K extends Step['kind']>(name: K): Arbitrary<K> => fc.constant(name);

const letters = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('A' as const, 'B' as const) },
  { weight: 8, arbitrary: fc.constantFrom('B' as const, 'C' as const) },
  { weight: 2, arbitrary: fc.constantFrom('D' as const, 'E' as const, 'F' as const, 'Disconnected' as const) },
);
const step: Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: kind('letter'), letter: letters }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('relayDrops') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('weld'), on: fc.nat(3).map((value) => value === 0) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('board'), present: fc.nat(2).map((value) => value > 0) }) },
  { weight: 7, arbitrary: fc.record({ kind: kind('authorize'), accepted: fc.nat(5).map((value) => value > 0) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('withdraw') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('stop'), reason: fc.constantFrom('Local' as const, 'Remote' as const) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('pause'), on: fc.nat(2).map((value) => value === 0) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('enable'),
      connectorId: fc.nat(1),
      source: fc.constantFrom('LocalAPI' as const, 'CSMS' as const, 'MobileApp' as const),
      state: fc.constantFrom('Enable' as const, 'Enable' as const, 'Disable' as const, 'Unassigned' as const),
      priority: fc.constantFrom(0, 1, 2, 9_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('reserve'), id: fc.integer({ min: -1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('cancelReservation') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('unlock') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('limit'),
      limitA: fc.constantFrom(0, 5.8, 6, 6.05, 10, 16, 20, 32, 63),
      validForS: fc.constantFrom(1, 10, 10_000, 10_000),
      phases: fc.constantFrom(1, 3, 3, 3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('cable'),
      bearsA: fc.constantFrom(0 as const, 13 as const, 32 as const, 63 as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('errorSequence') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('phases'), three: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('fault'),
      type: fc.constantFrom(
        'evse_board_support/MREC6UnderVoltage',
        'evse_board_support/MREC3HighTemperature',
        'connector_lock/ConnectorLockFailedLock',
        'powermeter/VendorWarning',
      ),
      severity: fc.constantFrom('Low' as const, 'Medium' as const, 'High' as const),
      active: fc.nat(2).map((value) => value === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('meter'),
      mood: fc.constantFrom('sound' as const, 'sound' as const, 'slow' as const, 'refuses' as const),
      currentA: fc.constantFrom(0, 0, 10, 40),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind('charge'), cardFirst: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('outlive'), on: fc.nat(3).map((value) => value === 0) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('wait'),
      forMs: fc.constantFrom(1, 50, 100, 500, 1_000, 5_000, 6_000, 10_000, 31_000, 61_000),
    }),
  },
);

const config: Arbitrary<Partial<EvseConfig>> = fc.record({
  has_ventilation: fc.boolean(),
  lock_connector_in_state_b: fc.boolean(),
  unlock_when_deauthorized: fc.boolean(),
  disable_authentication: fc.nat(5).map((value) => value === 0),
  fail_on_powermeter_errors: fc.boolean(),
  hack_simplified_mode_limit_10A: fc.boolean(),
  state_F_after_fault_ms: fc.constantFrom(0, 300),
  switch_3ph1ph_cp_state: fc.constantFrom('X1' as const, 'F' as const),
  switch_3ph1ph_delay_s: fc.constantFrom(1, 10),
  raise_mrec9: fc.boolean(),
});

/** So many steps are taken in all. A long run takes more, by `PROPERTY_STEPS`. */
const steps = Number(process.env.PROPERTY_STEPS ?? 100_000);
const RUNS_AT_ONCE = 20;

const allEvents = [...insideEvents, 'Enabled', 'Disabled', 'ReservationStart', 'ReservationEnd'];

test('an EVSE keeps current, relay, lock and the order of its events, whatever is done to it', async () => {
  const { PROPERTY_SEED = '1', PROPERTY_PATH } = process.env;
  const told: Record<string, number> = {};
  let taken = 0;
  for (let seed = Number(PROPERTY_SEED); taken < steps; seed++) {
    await fc.assert(
      fc.asyncProperty(
        config,
        fc.boolean(),
        fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }),
        async (options, isSocket, list) => {
          const rig = new EvseRig(options, isSocket);
          await rig.start();
          for (const each of list) await rig.run(each);
          taken += list.length;
          await rig.end();
          for (const [event, count] of Object.entries(rig.order.counts)) told[event] = (told[event] ?? 0) + count;
        },
      ),
      {
        numRuns: RUNS_AT_ONCE,
        seed,
        ...(PROPERTY_PATH !== undefined && { path: PROPERTY_PATH, endOnFailure: true }),
      },
    );
  }
  if (PROPERTY_PATH !== undefined) return;
  // Nothing that can come in a session has been left out.
  expect(allEvents.filter((event) => told[event] === undefined)).toEqual([]);
}, 600_000);
