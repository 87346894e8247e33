import { expect, test } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.ts';
import { silentLogger } from '../../src/log/logger.ts';
import { isDiskFault } from '../../src/store/disk-fault.ts';
import { PatientWrites } from '../../src/store/patient-writes.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';

function fullDisk(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}

test('what the disk refuses is written later, in order, and waited for', async () => {
  const clock = new VirtualClock();
  const writes = new PatientWrites(clock, silentLogger);
  const written: string[] = [];
  let full = true;
  const write = (what: string): void =>
    writes.write(() => {
      if (full) throw fullDisk();
      written.push(what);
    });
  write('a');
  write('b');
  let done = false;
  void writes.written().then(() => {
    done = true;
  });
  await clock.advance(3_500);
  expect([written, done]).toEqual([[], false]);
  full = false;
  write('c');
  await clock.advance(1_000);
  expect([written, done]).toEqual([['a', 'b', 'c'], true]);
  write('d');
  expect(written).toEqual(['a', 'b', 'c', 'd']);
});

test('what fails otherwise is told at once, or left out where it had waited', async () => {
  const clock = new VirtualClock();
  const writes = new PatientWrites(clock, silentLogger);
  expect(() =>
    writes.write(() => {
      throw new RangeError('no');
    }),
  ).toThrow('no');
  let tries = 0;
  writes.write(() => {
    throw tries++ === 0 ? fullDisk() : new RangeError('no');
  });
  await clock.advance(1_000);
  await writes.written();
  expect(tries).toBe(2);
});

test('a disk that is really full is known as such, and leaves nothing of the transaction', () => {
  const sql = 'CREATE TABLE NOTE (TEXT TEXT)';
  const store = new SqliteStore({ path: ':memory:', migrations: [{ version: 1, sql }] });
  store.exec('PRAGMA max_page_count=4');
  const insert = store.prepare('INSERT INTO NOTE VALUES (?)');
  let thrown: unknown;
  try {
    store.transaction(() => {
      for (let row = 0; row < 100; row++) insert.run('x'.repeat(1_000));
    });
  } catch (error) {
    thrown = error;
  }
  expect(isDiskFault(thrown)).toBe(true);
  expect(store.prepare('SELECT COUNT(*) AS N FROM NOTE').get()?.N).toBe(0);
  expect(isDiskFault(new Error('another'))).toBe(false);
});
