import { expect, test } from '@jest/globals';
import { NumberedTransactions } from '../../../../src/world/real/ocpp-rpc/numbered-transactions.ts';

const start = { connectorId: 1, idTag: 'DEADBEEF', meterStart: 0, timestamp: '2026-01-01T00:00:00Z' };

test('each transaction has a number of its own, a start that is sent again the one that it had', () => {
  const transactions = new NumberedTransactions();
  const first = transactions.start(start);
  const second = transactions.start({ ...start, timestamp: '2026-01-01T01:00:00Z' });
  expect(second).not.toBe(first);
  expect(transactions.start({ ...start })).toBe(first);
});

test('a card is held by an open transaction other than its own', () => {
  const transactions = new NumberedTransactions();
  const first = transactions.start(start);
  expect(transactions.holds('DEADBEEF', first)).toBe(false);
  expect(transactions.holds('deadbeef', 0)).toBe(true);
  expect(transactions.holds('OTHER', 0)).toBe(false);
  transactions.stop(first);
  expect(transactions.holds('DEADBEEF', 0)).toBe(false);
  // The answer to the start was lost and comes again after the stop: that opens nothing.
  transactions.start(start);
  expect(transactions.holds('DEADBEEF', 0)).toBe(false);
});
