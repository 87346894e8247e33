import { SqliteStore } from '@chargemesh/base';
import { RunMemory, runMemoryMigration } from '@chargemesh/framework';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let store: SqliteStore;
beforeEach(() => {
  store = new SqliteStore({ path: ':memory:', migrations: [runMemoryMigration(1, 'thing')] });
});
afterEach(() => store.close());

const memory = (run: string | undefined): RunMemory<{ number: number }> => new RunMemory(store, 'thing', run);

test('the last value of the same run is found again', () => {
  expect(memory('a').load()).toBeUndefined();
  const first = memory('a');
  first.save({ number: 1 });
  first.save({ number: 2 });
  first.save({ number: 2 });
  expect(memory('a').load()).toEqual({ number: 2 });
});

test('another run knows nothing of it, and takes its place', () => {
  memory('a').save({ number: 1 });
  expect(memory('b').load()).toBeUndefined();
  memory('b').save({ number: 2 });
  expect(memory('a').load()).toBeUndefined();
  expect(memory('b').load()).toEqual({ number: 2 });
});

test('without a run nothing is remembered', () => {
  memory(undefined).save({ number: 1 });
  expect(memory(undefined).load()).toBeUndefined();
  expect(store.prepare('SELECT * FROM thing').all()).toEqual([]);
});
