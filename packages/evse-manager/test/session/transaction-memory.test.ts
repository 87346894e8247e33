import { PatientWrites, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { TransactionMemory, transactionMigrations } from '../../src/session/transaction-memory.ts';

function memory(keyValue?: { load(key: string): Promise<unknown>; store(key: string, value: string): Promise<void> }) {
  const store = new SqliteStore({ path: ':memory:', migrations: transactionMigrations });
  const clock = new VirtualClock();
  return new TransactionMemory('connector_1', {
    store,
    keyValue,
    clock,
    writes: new PatientWrites(clock, silentLogger),
    log: silentLogger,
  });
}

test('an open transaction is remembered until it is forgotten', async () => {
  const one = memory();
  expect(await one.unfinished()).toEqual([]);
  await one.remember('abc');
  expect(await one.unfinished()).toEqual(['abc']);
  await one.forget();
  expect(await one.unfinished()).toEqual([]);
});

test('the key-value store is written too, and read where only it knows', async () => {
  const kept = new Map<string, string>();
  const keyValue = {
    load: async (key: string) => kept.get(key) ?? null,
    store: async (key: string, value: string) => void kept.set(key, value),
  };
  await memory(keyValue).remember('abc');
  expect(kept.get('connector_1_session')).toBe('abc');
  expect(await memory(keyValue).unfinished()).toEqual(['abc']);
  await memory(keyValue).forget();
  expect(kept.get('connector_1_session')).toBe('');
  expect(await memory(keyValue).unfinished()).toEqual([]);
});

test('a key-value store that fails costs nothing', async () => {
  const fail = async (): Promise<never> => {
    throw new Error('gone');
  };
  const one = memory({ load: fail, store: fail });
  await one.remember('abc');
  expect(await one.unfinished()).toEqual(['abc']);
});
