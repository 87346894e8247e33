import { describe, expect, test } from '@jest/globals';
import { amountText, costLines } from '../../src/terminal-cost-and-price-message/cost-lines.ts';

const euro = { code: 'EUR', decimals: 2 } as const;

describe('an amount', () => {
  test.each([
    [123, euro, '1.23 EUR'],
    [5, euro, '0.05 EUR'],
    [0, euro, '0.00 EUR'],
    [-5, euro, '-0.05 EUR'],
    [123, { code: 'JPY', decimals: 0 } as const, '123 JPY'],
    [123_456_789, { code: 'KWD', decimals: 5 } as const, '1234.56789 KWD'],
    [123, { code: 'EUR' } as const, '1.23 EUR'],
    [123, {}, '1.23'],
    // Nothing is lost where a float would lose it.
    [Number.MAX_SAFE_INTEGER, euro, '90071992547409.91 EUR'],
  ])('%j of %j is %s', (value, currency, text) => {
    expect(amountText(value, currency)).toBe(text);
  });
});

test('a session’s cost is told part by part', () => {
  expect(
    costLines({
      session_id: 's1',
      currency: euro,
      status: 'Running',
      cost_chunks: [
        {
          category: 'Energy',
          cost: { value: 250 },
          metervalue_from: 0,
          metervalue_to: 1000,
          timestamp_from: '2026-01-01T00:00:00.000Z',
          timestamp_to: '2026-01-01T01:00:00.000Z',
        },
        { timestamp_from: '2026-01-01T00:00:00.000Z' },
      ],
      charging_price: [{ category: 'Time', price: { currency: euro, value: { value: 10 } } }, {}],
      idle_price: { grace_minutes: 15, hour_price: { currency: euro, value: { value: 600 } } },
      next_period: {
        timestamp_from: '2026-01-01T06:00:00.000Z',
        charging_price: [{ category: 'Energy', price: { currency: euro, value: { value: 40 } } }],
        idle_price: { hour_price: { currency: euro, value: { value: 700 } } },
      },
      message: [{ content: 'cheap today' }],
      qr_code: 'https://pay.example',
    }),
  ).toEqual([
    'session s1: Running',
    'cost Energy: 2.50 EUR, 2026-01-01T00:00:00.000Z to 2026-01-01T01:00:00.000Z, 0 to 1000 Wh',
    'cost Other: no amount, 2026-01-01T00:00:00.000Z to',
    'price Time: 0.10 EUR',
    'price Other: not said',
    'price without charging: 6.00 EUR an hour, after 15 min',
    'price from 2026-01-01T06:00:00.000Z Energy: 0.40 EUR',
    'price from 2026-01-01T06:00:00.000Z without charging: 7.00 EUR an hour',
    'cheap today',
    'QR code: https://pay.example',
  ]);
});

test('a session that costs nothing yet is told by its state', () => {
  expect(costLines({ session_id: 's1', currency: {}, status: 'Finished' })).toEqual(['session s1: Finished']);
});
