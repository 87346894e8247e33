import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { SoftOverCurrent } from '../../src/metering/soft-over-current.ts';

function watcher(timeoutMs = 7_000) {
  const clock = new VirtualClock();
  const found: string[] = [];
  const watch = new SoftOverCurrent(
    { tolerancePercent: 10, noiseA: 0.5, timeoutMs },
    { clock, onExceeded: (worstA, offeredA) => found.push(`${worstA} of ${offeredA}`) },
  );
  return { clock, watch, found };
}

test('any phase above offer, noise and tolerance for all the time is found', async () => {
  const { clock, watch, found } = watcher();
  watch.offered(10);
  watch.measured([11.6, 0, 0]);
  await clock.advance(6_999);
  expect(found).toEqual([]);
  watch.measured([0, 12, 0]);
  await clock.advance(1);
  expect(found).toEqual(['12 of 10']);
});

test('the tolerance is the last value that is borne', async () => {
  const { clock, watch, found } = watcher();
  watch.offered(10);
  watch.measured([11.55, 0, 0]);
  await clock.advance(60_000);
  expect(found).toEqual([]);
});

test('a moment below begins the time anew, and so does a higher offer', async () => {
  const { clock, watch, found } = watcher();
  watch.offered(10);
  watch.measured([16, 0, 0]);
  await clock.advance(6_000);
  watch.measured([10, 0, 0]);
  watch.measured([16, 0, 0]);
  await clock.advance(6_000);
  watch.offered(16);
  await clock.advance(60_000);
  expect(found).toEqual([]);
});

test('nothing is found where nobody watches', async () => {
  const { clock, watch, found } = watcher();
  watch.measured([16, 16, 16]);
  await clock.advance(60_000);
  expect(found).toEqual([]);
});

test('a time shorter than a car needs is lengthened', async () => {
  const { clock, watch, found } = watcher(1_000);
  watch.offered(10);
  watch.measured([16, 0, 0]);
  await clock.advance(5_999);
  expect(found).toEqual([]);
  await clock.advance(1);
  expect(found).toHaveLength(1);
});
