import { expect, test } from '@jest/globals';
import { VirtualClock, within } from '../../src/index.ts';

test('hands on what comes in time, and leaves no timer', async () => {
  const clock = new VirtualClock();
  await expect(within(clock, 100, Promise.resolve(7))).resolves.toBe(7);
  await expect(within(clock, 100, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.nextDueMs()).toBeUndefined();
});

test('waits no longer than its limit; what fails after it is nobody’s', async () => {
  const clock = new VirtualClock();
  const work = Promise.withResolvers<number>();
  const result = within(clock, 100, work.promise);
  await clock.advance(99);
  let outcome: unknown;
  void result.then((value) => {
    outcome = value;
  });
  await clock.settle();
  expect(outcome).toBeUndefined();
  await clock.advance(1);
  expect(outcome).toBe('late');
  work.reject(new Error('too late'));
  await clock.settle();
});
