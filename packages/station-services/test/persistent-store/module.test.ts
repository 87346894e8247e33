import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PersistentStoreModule } from '../../src/index.ts';

let folder: string;
let mesh: TestMesh;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-'));
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true });
});

async function startMesh(file?: string) {
  mesh = new TestMesh({ stateDir: join(folder, 'state') });
  mesh.add(PersistentStoreModule, { id: 'store', config: file === undefined ? {} : { sqlite_db_file_path: file } });
  await mesh.start();
}
const store = (command: string, args: object) => mesh.call('store', 'main', command, args);

test.each([[undefined], ['kvs.db']])('values survive a restart (file %s)', async (name) => {
  const file = name && join(folder, name);
  await startMesh(file);
  await store('store', { key: 'session.1', value: { id: 'abc', wh: 12.5 } });
  await mesh.stop();
  await startMesh(file);
  expect(await store('load', { key: 'session.1' })).toEqual({ id: 'abc', wh: 12.5 });
  expect(await store('exists', { key: 'session.1' })).toBe(true);
  await store('delete', { key: 'session.1' });
  expect(await store('load', { key: 'session.1' })).toBeNull();
});
