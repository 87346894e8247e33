import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Migration, SqliteStore } from '../../src/index.ts';

const first: Migration = { version: 1, sql: 'CREATE TABLE NOTE (ID INTEGER PRIMARY KEY, TEXT TEXT)' };
const second: Migration = { version: 2, sql: "ALTER TABLE NOTE ADD COLUMN COLOUR TEXT DEFAULT 'red'" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('keeps what was committed, in a folder that it makes', () => {
  const path = join(folder, 'deep', 'a.db');
  const store = new SqliteStore({ path, migrations: [first] });
  expect(store.prepare('INSERT INTO NOTE (TEXT) VALUES (?)').run('kept')).toEqual({ changes: 1, lastInsertRowid: 1 });
  store.close();
  const again = new SqliteStore({ path, migrations: [first] });
  expect(again.prepare('SELECT TEXT FROM NOTE').all()).toEqual([{ TEXT: 'kept' }]);
  expect(again.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  again.close();
});

test('a transaction that throws leaves nothing, a nested one joins the outer', () => {
  const store = new SqliteStore({ path: ':memory:', migrations: [first] });
  const insert = store.prepare('INSERT INTO NOTE (TEXT) VALUES (?)');
  expect(() =>
    store.transaction(() => {
      insert.run('a');
      store.transaction(() => insert.run('b'));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(store.prepare('SELECT count(*) AS N FROM NOTE').get()).toEqual({ N: 0 });
  store.transaction(() => insert.run('c'));
  expect(store.prepare('SELECT count(*) AS N FROM NOTE').get()).toEqual({ N: 1 });
  store.close();
});

test('a new database is on the disk as a whole, and waits for the disk from its first use on', () => {
  const path = join(folder, 'a.db');
  const store = new SqliteStore({ path, migrations: [first] });
  expect(statSync(`${path}-wal`).size).toBe(0);
  expect(statSync(path).size).toBeGreaterThan(0);
  expect(store.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  store.close();
  const again = new SqliteStore({ path, migrations: [first] });
  expect(again.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  again.close();
});

test('a lazy transaction does not wait for the disk; all others do', () => {
  const store = new SqliteStore({ path: join(folder, 'a.db'), migrations: [first] });
  const insert = store.prepare('INSERT INTO NOTE (TEXT) VALUES (?)');
  const [normal, full] = [1, 2];
  const waits = (): unknown => store.prepare('PRAGMA synchronous').get()?.synchronous;
  const lazily = (): unknown =>
    store.transaction(() => {
      insert.run('a');
      return waits();
    }, 'lazily');
  expect(lazily()).toBe(normal);
  expect(waits()).toBe(full);
  expect(() =>
    store.transaction(() => {
      throw new Error('no');
    }, 'lazily'),
  ).toThrow('no');
  expect(store.transaction(() => waits())).toBe(full);
  expect(store.transaction(lazily)).toBe(full);
  expect(store.prepare('SELECT count(*) AS N FROM NOTE').get()).toEqual({ N: 2 });
  store.close();
});

test('migrates forward, and refuses a database of a later version', () => {
  const path = join(folder, 'a.db');
  const old = new SqliteStore({ path, migrations: [first] });
  old.prepare('INSERT INTO NOTE (TEXT) VALUES (?)').run('kept');
  old.close();
  const store = new SqliteStore({ path, migrations: [first, second] });
  expect(store.prepare('SELECT TEXT, COLOUR FROM NOTE').get()).toEqual({ TEXT: 'kept', COLOUR: 'red' });
  store.close();
  expect(() => new SqliteStore({ path, migrations: [first] })).toThrow(
    expect.objectContaining({ code: 'STORE_TOO_NEW' }),
  );
});

test('moves a damaged file aside, says so, and starts empty', () => {
  const path = join(folder, 'a.db');
  writeFileSync(path, 'this is no database, and it is long enough to look like one'.repeat(50));
  const moved: string[] = [];
  const store = new SqliteStore({ path, migrations: [first], onCorrupt: (movedTo) => moved.push(movedTo) });
  expect(store.prepare('SELECT * FROM NOTE').all()).toEqual([]);
  store.close();
  expect(moved).toEqual([`${path}.corrupt`]);
  expect(readdirSync(folder)).toContain('a.db.corrupt');
});
