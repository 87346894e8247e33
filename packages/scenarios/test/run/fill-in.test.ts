import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { fillIn } from '../../src/run/fill-in.ts';
import type { World } from '../../src/world/world.ts';

const clock = new VirtualClock();
const ledger = { transactions: [1, 2, 1].map((connectorId, index) => ({ connectorId, id: 100 + index })) };
const world = { clock, station: 'cp001', csms: { ledger: () => ledger } } as unknown as World;

test.each([
  ['$tx1', 102],
  ['$tx2', 101],
  ['$tx3', null],
  ['$now', '2026-01-01T00:00:00.000Z'],
  ['$now + 30 s', '2026-01-01T00:00:30.000Z'],
  ['$now+2 min', '2026-01-01T00:02:00.000Z'],
  ['$now - 1 d', '2025-12-31T00:00:00.000Z'],
  ['at $now', 'at $now'],
  ['tx1', 'tx1'],
])('%s is %j', (word, value) => {
  expect(fillIn({ deep: [word] }, world)).toEqual({ deep: [value] });
});

test('what is no time is said', () => {
  expect(() => fillIn('$now + a while', world)).toThrow(expect.objectContaining({ code: 'SCENARIO_DURATION' }));
});
