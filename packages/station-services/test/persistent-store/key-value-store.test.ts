import { SqliteStore } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { KeyValueStore, keyValueMigrations } from '../../src/persistent-store/key-value-store.ts';

const makeStore = () => {
  const store = new SqliteStore({ path: ':memory:', migrations: keyValueMigrations });
  return { store, values: new KeyValueStore(store) };
};

test.each([
  [null],
  [true],
  [false],
  [0],
  [-7],
  [3.25],
  [''],
  ['true'],
  ['12'],
  [[1, 'two', null]],
  [[]],
  [{ a: { b: [1.5] } }],
  [{}],
])('%j comes back as what it was', (value) => {
  const { values } = makeStore();
  values.store('key', value);
  expect(values.load('key')).toEqual(value);
  expect(values.exists('key')).toBe(true);
});

test('what was never stored, or was deleted, is null and does not exist', () => {
  const { values } = makeStore();
  values.store('a', 1);
  values.delete('a');
  values.delete('b');
  expect([values.load('a'), values.load('b'), values.exists('a')]).toEqual([null, null, false]);
});

test('a later value takes the place of an earlier one, with its type', () => {
  const { values } = makeStore();
  values.store('a', 1);
  values.store('a', 'one');
  expect(values.load('a')).toBe('one');
});

test('reads what EVerest has written, and survives what nobody can read', () => {
  const { store, values } = makeStore();
  store.exec(
    `INSERT INTO KVS VALUES ('a', '1', 'bool'), ('b', '2.500000', 'double'), ('c', '{', 'Object'), ('d', 'x', 'int')`,
  );
  expect(['a', 'b', 'c', 'd'].map((key) => values.load(key))).toEqual([true, 2.5, null, null]);
});
