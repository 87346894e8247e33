import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../src/index.ts';

describe('timers', () => {
  test('fire at their time, those due together in the order in which they were set', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    for (const [name, delayMs] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['now', 0],
      ['past', -5],
    ] as const)
      clock.setTimer(delayMs, () => fired.push(`${name}@${clock.monotonicMs()}`));
    await clock.advance(25);
    expect(fired).toEqual(['now@0', 'past@0', 'a@10', 'b1@20', 'b2@20']);
    await clock.advance(5);
    expect(fired.at(-1)).toBe('c@30');
  });

  test('do not fire once cancelled', async () => {
    const clock = new VirtualClock();
    let fired = 0;
    const timer = clock.setTimer(10, () => fired++);
    timer.cancel();
    timer.cancel();
    await clock.advance(100);
    expect(fired).toBe(0);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test('may be set by other timers and by promises that follow them', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    clock.setTimer(10, async () => {
      await null;
      await clock.sleep(5);
      seen.push(clock.monotonicMs());
      clock.setTimer(5, () => seen.push(clock.monotonicMs()));
    });
    await clock.advance(20);
    expect(seen).toEqual([15, 20]);
  });

  test('stay in order by the thousand', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    for (let at = 0; at < 1000; at++) clock.setTimer((at * 7919) % 1000, () => fired.push(clock.monotonicMs()));
    await clock.advance(1000);
    expect(fired).toHaveLength(1000);
    expect(fired).toEqual([...fired].sort((a, b) => a - b));
  });
});

test('a periodic timer fires each period until it is cancelled, also by itself', async () => {
  const clock = new VirtualClock();
  let count = 0;
  const timer = clock.setPeriodic(1000, () => {
    if (++count === 3) timer.cancel();
  });
  await clock.advance(10_000);
  expect(count).toBe(3);
  expect(() => clock.setPeriodic(0, () => {})).toThrow(RangeError);
});

test('advanceUntil stops at the condition, or at its limit', async () => {
  const clock = new VirtualClock();
  let done = false;
  clock.setTimer(500, () => {
    done = true;
  });
  expect(await clock.advanceUntil(() => done, 1000)).toBe(true);
  expect(clock.monotonicMs()).toBe(500);
  clock.setTimer(5000, () => {});
  expect(await clock.advanceUntil(() => false, 1000)).toBe(false);
});

test('wall time moves by its offset alone, and tells of it', async () => {
  const clock = new VirtualClock(1_000_000);
  const jumps: number[] = [];
  const listening = clock.onWallJump((deltaMs) => jumps.push(deltaMs));
  clock.setWall(2_000_000);
  clock.setWall(2_000_000);
  clock.setWall(1_500_000);
  listening.cancel();
  clock.setWall(0);
  expect(jumps).toEqual([1_000_000, -500_000]);
  expect([clock.wallMs(), clock.wallOffsetMs(), clock.monotonicMs()]).toEqual([0, -1_000_000, 0]);
});

test('a sleep ends with its signal', async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(clock.sleep(1, abort.signal)).rejects.toThrow('enough');
  expect(clock.nextDueMs()).toBeUndefined();
});

test('tracked work holds time back', async () => {
  const clock = new VirtualClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.track(promise);
  let settled = false;
  const settling = clock.settle().then(() => {
    settled = true;
  });
  for (let round = 0; round < 5; round++) await new VirtualClock().settle();
  expect(settled).toBe(false);
  resolve();
  await settling;
  expect(settled).toBe(true);
});

test('a step goes to the next timer, with what follows from it, and not beyond its limit', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.setTimer(10, () => {
    seen.push('first');
    void Promise.resolve().then(() => clock.setTimer(0, () => seen.push('what follows')));
  });
  clock.setTimer(10, () => seen.push('second'));
  clock.setTimer(30, () => clock.track(new VirtualClock().settle().then(() => seen.push('tracked'))));
  expect(await clock.step(9)).toBe(false);
  expect(clock.monotonicMs()).toBe(0);
  expect(await clock.step(10)).toBe(true);
  expect(seen).toEqual(['first', 'second', 'what follows']);
  expect(clock.monotonicMs()).toBe(10);
  expect(await clock.step(20)).toBe(true);
  expect(seen.at(-1)).toBe('tracked');
  expect(await clock.step(1_000)).toBe(false);
});

test('knows how many timers and listeners are left', async () => {
  const clock = new VirtualClock();
  clock.setTimer(10, () => {});
  const cancelled = clock.setTimer(20, () => {});
  const periodic = clock.setPeriodic(30, () => {});
  const listener = clock.onWallJump(() => {});
  expect([clock.pendingTimers, clock.wallListeners]).toEqual([3, 1]);
  cancelled.cancel();
  listener.cancel();
  expect([clock.pendingTimers, clock.wallListeners]).toEqual([2, 0]);
  await clock.advance(100);
  expect(clock.pendingTimers).toBe(1);
  periodic.cancel();
  expect(clock.pendingTimers).toBe(0);
});
