import { formatTimestamp, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { MeshTime } from '../src/mesh-time.ts';
import { SystemStore, systemMigrations } from '../src/system-store.ts';

function makeTime(store = new SystemStore(new SqliteStore({ path: ':memory:', migrations: systemMigrations }))) {
  const clock = new VirtualClock();
  return { clock, store, time: new MeshTime(clock, store, silentLogger), now: () => formatTimestamp(clock.wallMs()) };
}

test('the mesh goes by the time that was set, and still does in the next run', async () => {
  const { clock, store, time, now } = makeTime();
  expect(time.set('2026-06-01T12:00:00+02:00')).toBe(true);
  await clock.advance(1000);
  expect(now()).toBe('2026-06-01T10:00:01.000Z');
  const next = makeTime(store);
  next.time.restore();
  expect(next.now()).toBe('2026-06-01T10:00:00.000Z');
  next.time.restore();
  expect(next.now()).toBe('2026-06-01T10:00:00.000Z');
});

test('the same time, rounded to a second, does not make the clock jump', () => {
  const { clock, time } = makeTime();
  let jumps = 0;
  clock.onWallJump(() => jumps++);
  expect(time.set('2025-12-31T23:59:58.001Z')).toBe(true);
  expect(jumps).toBe(0);
  expect(time.set('2025-12-31T23:59:58.000Z')).toBe(true);
  expect(jumps).toBe(1);
});

test('what is no timestamp changes nothing', () => {
  const { time, now } = makeTime();
  expect(time.set('tomorrow')).toBe(false);
  expect(now()).toBe('2026-01-01T00:00:00.000Z');
});

describe('with a program that sets the clock of the machine', () => {
  /** A mesh on a machine whose clock jumps when the program says so. */
  function onMachine(program: (timestamp: string) => Promise<void>) {
    const store = new SystemStore(new SqliteStore({ path: ':memory:', migrations: systemMigrations }));
    const clock = new VirtualClock();
    const asked: string[] = [];
    const time = new MeshTime(clock, store, silentLogger, (timestamp) => {
      asked.push(timestamp);
      return program(timestamp);
    });
    return { clock, store, time, asked, now: () => formatTimestamp(clock.wallMs()) };
  }

  test('it is called with the time, once at a time, and not for what is the same', async () => {
    const done = Promise.withResolvers<void>();
    const { time, asked, clock } = onMachine(() => done.promise);
    expect(time.set('2026-06-01T12:00:00Z')).toBe(true);
    time.set('2026-06-01T12:00:01Z');
    time.set('2026-07-01T12:00:00Z');
    expect(asked).toEqual(['2026-06-01T12:00:00.000Z']);
    done.resolve();
    await clock.settle();
    time.set('2026-08-01T12:00:00Z');
    expect(asked).toEqual(['2026-06-01T12:00:00.000Z', '2026-08-01T12:00:00.000Z']);
  });

  test('what its clock jumped by does not count twice, nor the time that it took', async () => {
    let jump: () => void = () => {};
    const { time, clock, now, store } = onMachine(async () => {
      await clock.sleep(3_000);
      jump();
    });
    // To the mesh the machine's jump looks like one of its own.
    jump = () => clock.setWall(clock.wallMs() + 86_400_000);
    time.set('2026-06-01T12:00:00Z');
    expect(now()).toBe('2026-06-01T12:00:00.000Z');
    await clock.advance(3_000);
    expect(now()).toBe('2026-06-01T12:00:03.000Z');
    expect(store.clockOffsetMs).toBe(clock.wallOffsetMs());
  });

  test('a time that comes while it is at work is not undone by it', async () => {
    const done = Promise.withResolvers<void>();
    const { time, clock, now } = onMachine(() => done.promise);
    time.set('2026-06-01T12:00:00Z');
    await clock.advance(1_000);
    time.set('2026-07-01T12:00:00Z');
    await clock.advance(1_000);
    done.resolve();
    await clock.settle();
    expect(now()).toBe('2026-07-01T12:00:01.000Z');
  });

  test('it is called again with each time that the machine is not on, though the mesh is', async () => {
    const { time, clock, asked } = onMachine(async () => Promise.reject(new Error('not allowed')));
    time.set('2026-06-01T12:00:00Z');
    await clock.advance(60_000);
    time.set('2026-06-01T12:01:00Z');
    expect(asked).toEqual(['2026-06-01T12:00:00.000Z', '2026-06-01T12:01:00.000Z']);
  });

  test('it is not called where the machine has the time', () => {
    const { time, asked } = onMachine(async () => {});
    time.set('2026-01-01T00:00:01Z');
    expect(asked).toEqual([]);
  });

  test('one that fails leaves the mesh with its own time', async () => {
    const { time, clock, now, asked } = onMachine(async () => Promise.reject(new Error('not allowed')));
    expect(time.set('2026-06-01T12:00:00Z')).toBe(true);
    await clock.settle();
    expect(now()).toBe('2026-06-01T12:00:00.000Z');
    time.set('2026-07-01T12:00:00Z');
    expect(asked).toHaveLength(2);
  });
});
