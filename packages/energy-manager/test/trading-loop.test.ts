import { VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { type TradeCause, TradingLoop } from '../src/trading-loop.ts';
import { evse, fuse } from './energy-request.ts';

function setUp(durationMs = 0, isInUse: () => boolean = () => false) {
  const clock = new VirtualClock();
  const traded: [string, number][] = [];
  const causes: TradeCause[] = [];
  const loop = new TradingLoop({
    clock,
    intervalMs: 1000,
    renewalMs: 4000,
    trade: async (tree, cause) => {
      traded.push([tree.uuid, clock.monotonicMs()]);
      causes.push(cause);
      if (durationMs > 0) await clock.sleep(durationMs);
      return isInUse();
    },
  });
  const tree = (uuid: string, priority = false): types.energy.EnergyFlowRequest =>
    fuse(uuid, 40, [evse('a', { priority_request: priority })]);
  return { clock, traded, causes, loop, tree };
}

test('trades once an interval, with the newest tree', async () => {
  const { clock, traded, loop, tree } = setUp();
  loop.start();
  for (const name of ['1', '2', '3', '4', '5', '6']) {
    loop.receive(tree(name));
    await clock.advance(400);
  }
  expect(traded).toEqual([
    ['1', 0],
    ['3', 1000],
    ['5', 2000],
  ]);
});

test('schedules nothing while nobody reports', async () => {
  const { clock, traded, loop, tree } = setUp();
  loop.start();
  loop.receive(tree('1'));
  await clock.advance(1);
  expect(traded).toHaveLength(1);
  expect(clock.nextDueMs()).toBeUndefined();
});

test('trades at once where a node anywhere in the tree asks for it', async () => {
  const { clock, traded, loop, tree } = setUp();
  loop.start();
  loop.receive(tree('1'));
  await clock.advance(300);
  loop.receive(tree('2', true));
  await clock.settle();
  expect(traded).toEqual([
    ['1', 0],
    ['2', 300],
  ]);
});

test('never trades twice at the same time, and trades the newest right after', async () => {
  const { clock, traded, loop, tree } = setUp(250);
  loop.start();
  loop.receive(tree('1', true));
  loop.receive(tree('2', true));
  loop.receive(tree('3', true));
  await clock.advance(1000);
  expect(traded).toEqual([
    ['1', 0],
    ['3', 250],
  ]);
});

test('a plain tree that arrives during a trading is traded an interval later at the latest', async () => {
  const { clock, traded, loop, tree } = setUp(250);
  loop.start();
  loop.receive(tree('1'));
  await clock.advance(100);
  loop.receive(tree('2'));
  await clock.advance(5000);
  expect(traded).toEqual([
    ['1', 0],
    ['2', 1000],
  ]);
});

test('waits for the start, and stops', async () => {
  const { clock, traded, loop, tree } = setUp();
  loop.receive(tree('1', true));
  await clock.advance(5000);
  expect(traded).toEqual([]);
  loop.start();
  expect(traded).toEqual([['1', 5000]]);
  loop.stop();
  loop.receive(tree('2', true));
  await clock.advance(5000);
  expect(traded).toHaveLength(1);
});

test('renews while a grant is in use, and not once the trunk has left', async () => {
  let inUse = true;
  const { clock, traded, causes, loop, tree } = setUp(0, () => inUse);
  loop.start();
  loop.receive(tree('1'));
  await clock.advance(8_000);
  loop.receive(tree('2', true));
  await clock.advance(4_000);
  expect(traded).toEqual([
    ['1', 0],
    ['1', 4000],
    ['1', 8000],
    ['2', 8000],
    ['2', 12_000],
  ]);
  expect(causes).toEqual(['news', 'renewal', 'renewal', 'news', 'renewal']);
  loop.forget();
  await clock.advance(60_000);
  expect(traded).toHaveLength(5);
  inUse = false;
  loop.receive(tree('3', true));
  await clock.advance(60_000);
  expect(traded).toHaveLength(6);
});
