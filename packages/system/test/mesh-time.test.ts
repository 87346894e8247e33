import { formatTimestamp, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
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
