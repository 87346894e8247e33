import { expect, test } from '@jest/globals';
import { RealClock } from '../../src/index.ts';

test('timers fire in order, periodic ones until cancelled', async () => {
  const clock = new RealClock();
  const fired: string[] = [];
  const twice = Promise.withResolvers<void>();
  const periodic = clock.setPeriodic(2, () => {
    if (fired.push('tick') === 2) twice.resolve();
  });
  const never = clock.setTimer(1, () => fired.push('never'));
  never.cancel();
  await twice.promise;
  periodic.cancel();
  const ticks = fired.length;
  await clock.sleep(10);
  expect(fired).not.toContain('never');
  expect(ticks).toBeGreaterThan(1);
  expect(fired).toHaveLength(ticks);
});

test('a delay beyond 32 bits does not fire at once', async () => {
  const clock = new RealClock();
  let fired = false;
  const timer = clock.setTimer(2 ** 31 + 1000, () => {
    fired = true;
  });
  await clock.sleep(10);
  timer.cancel();
  expect(fired).toBe(false);
});

test('wall time is the machine’s plus the mesh’s offset', () => {
  const clock = new RealClock();
  clock.setWall(0);
  expect(clock.wallMs()).toBeLessThan(1000);
  expect(clock.wallOffsetMs()).toBeLessThan(0);
});
