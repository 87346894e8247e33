import { SeededRandom, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { RandomDelay } from '../../src/energy/random-delay.ts';

function randomDelay(options: { enabled?: boolean; atAnyChange?: boolean; delayS?: number } = {}) {
  const clock = new VirtualClock();
  const countdowns: number[] = [];
  let changes = 0;
  const random = new SeededRandom(1);
  random.integer = () => options.delayS ?? 60;
  const delay = new RandomDelay(
    { enabled: options.enabled ?? true, maxDurationS: 600, atAnyChange: options.atAnyChange ?? true },
    { clock, random, countdown: ({ countdown_s }) => countdowns.push(countdown_s), onChange: () => changes++ },
  );
  return { clock, delay, countdowns, changes: () => changes };
}

test('a higher current waits, and its countdown is told each second', async () => {
  const { clock, delay, countdowns, changes } = randomDelay();
  delay.take(16, true);
  expect(delay.currentA).toBe(0);
  await clock.advance(59_999);
  expect(delay.currentA).toBe(0);
  await clock.advance(1);
  expect(delay.currentA).toBe(16);
  expect(changes()).toBe(1);
  expect(countdowns).toEqual(Array.from({ length: 61 }, (_, second) => 60 - second));
});

test('a lower current counts at once, and ends a delay that it makes void', async () => {
  const { clock, delay, countdowns } = randomDelay();
  delay.take(10, false);
  delay.take(20, true);
  await clock.advance(1_000);
  delay.take(6, true);
  expect(delay.currentA).toBe(6);
  expect(countdowns.at(-1)).toBe(0);
  await clock.advance(100_000);
  expect(delay.currentA).toBe(6);
});

test('the newest higher current counts when the time is over', async () => {
  const { clock, delay } = randomDelay();
  delay.take(20, true);
  delay.take(12, true);
  await clock.advance(60_000);
  expect(delay.currentA).toBe(12);
});

test('nobody waits who does not charge, or where it is off, or for a trifle', () => {
  const { delay } = randomDelay();
  delay.take(16, false);
  expect(delay.currentA).toBe(16);
  delay.take(16.05, true);
  expect(delay.currentA).toBe(16.05);
  const off = randomDelay({ enabled: false });
  off.delay.take(16, true);
  expect(off.delay.currentA).toBe(16);
});

test('it may be for a start from nothing alone, or for the first seconds', async () => {
  const { clock, delay } = randomDelay({ atAnyChange: false });
  delay.take(10, false);
  delay.take(16, true);
  expect(delay.currentA).toBe(16);
  delay.started();
  delay.take(20, true);
  expect(delay.currentA).toBe(16);
  delay.cancel();
  expect(delay.currentA).toBe(20);
  await clock.advance(5_000);
  delay.take(24, true);
  expect(delay.currentA).toBe(24);
});

test('switching it off ends a delay that runs', () => {
  const { delay, changes } = randomDelay();
  delay.take(16, true);
  delay.disable();
  expect(delay.currentA).toBe(16);
  expect(changes()).toBe(1);
});
