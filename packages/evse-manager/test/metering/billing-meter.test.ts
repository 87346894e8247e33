import { silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { BillingMeter, type MeterPort } from '../../src/metering/billing-meter.ts';

const request = {
  evse_id: '1',
  transaction_id: 't',
  identification_status: 'ASSIGNED',
  identification_flags: [],
  identification_type: 'ISO14443',
} as const;
const signed = { signed_meter_data: 'x', signing_method: 'dummy', encoding_method: 'plain' };

function meter(port?: Partial<MeterPort>) {
  const clock = new VirtualClock();
  const full = port && {
    start: async () => ({ status: 'OK' as const }),
    stop: async () => ({ status: 'OK' as const }),
    ...port,
  };
  return { clock, meter: new BillingMeter(full, { clock, log: silentLogger }) };
}

test('without a meter there is a register of 0, and transactions begin and end', async () => {
  const { meter: none } = meter();
  expect(none.value()).toEqual({ timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 0 } });
  await none.awaitFirstValue(5_000);
  expect(await none.start(request)).toEqual({ begun: true, signedValue: undefined });
  expect(await none.stop('t')).toEqual({ startValue: undefined, stopValue: undefined });
});

test('signed values come through', async () => {
  const { meter: one } = meter({
    start: async () => ({ status: 'OK', signed_meter_value: signed }),
    stop: async () => ({ status: 'OK', start_signed_meter_value: signed }),
  });
  expect(await one.start(request)).toEqual({ begun: true, signedValue: signed });
  expect(await one.stop('t')).toEqual({ startValue: signed, stopValue: undefined });
});

test('a meter that knows no transactions begins one, a faulty or silent one does not', async () => {
  expect((await meter({ start: async () => ({ status: 'NOT_SUPPORTED' }) }).meter.start(request)).begun).toBe(true);
  expect(await meter({ start: async () => ({ status: 'UNEXPECTED_ERROR' }) }).meter.start(request)).toEqual({
    begun: false,
    reason: 'UNEXPECTED_ERROR',
  });
  expect(await meter({ start: () => Promise.reject(new Error('gone')) }).meter.start(request)).toEqual({
    begun: false,
    reason: 'gone',
  });
});

test('a transaction ends although the meter fails', async () => {
  const { meter: one } = meter({ stop: () => Promise.reject(new Error('gone')) });
  expect(await one.stop('t')).toEqual({ startValue: undefined, stopValue: undefined });
});

test('the first value is awaited, but not for ever', async () => {
  const { meter: one, clock } = meter({});
  let done = false;
  void one.awaitFirstValue(5_000).then(() => {
    done = true;
  });
  await clock.advance(4_999);
  expect(done).toBe(false);
  await clock.advance(1);
  expect(done).toBe(true);

  const { meter: other, clock: otherClock } = meter({});
  const waiting = other.awaitFirstValue(5_000);
  other.take({ timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 5 } });
  await waiting;
  expect(otherClock.monotonicMs()).toBe(0);
  expect(otherClock.nextDueMs()).toBeUndefined();
  expect(other.value().energy_Wh_import.total).toBe(5);
});
