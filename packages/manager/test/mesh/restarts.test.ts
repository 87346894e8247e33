import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { Restarts } from '../../src/mesh/restarts.ts';

test('a module is started once its time has come, twice as long after each death in a row', async () => {
  const clock = new VirtualClock();
  const restarts = new Restarts(clock);
  const started: number[] = [];
  const first = restarts.died('auth');
  restarts.after('auth', first.delayMs, () => started.push(clock.monotonicMs()));
  expect(restarts.isDue('auth')).toBe(true);
  await clock.advance(first.delayMs);
  expect(started).toEqual([first.delayMs]);
  expect(restarts.isDue('auth')).toBe(false);
  expect(restarts.died('auth')).toEqual({ delayMs: 2 * first.delayMs, deaths: 2 });
});

test('a start that was cancelled does not come', async () => {
  const clock = new VirtualClock();
  const restarts = new Restarts(clock);
  const started: string[] = [];
  for (const id of ['auth', 'system', 'ocpp']) restarts.after(id, 200, () => started.push(id));
  restarts.cancel('auth');
  expect([restarts.isDue('auth'), restarts.isDue('system')]).toEqual([false, true]);
  restarts.cancelAll();
  await clock.advance(1_000);
  expect(started).toEqual([]);
});

test('two starts of one module are never due', async () => {
  const clock = new VirtualClock();
  const restarts = new Restarts(clock);
  const started: string[] = [];
  restarts.after('auth', 200, () => started.push('first'));
  restarts.after('auth', 400, () => started.push('second'));
  await clock.advance(1_000);
  expect(started).toEqual(['second']);
});
