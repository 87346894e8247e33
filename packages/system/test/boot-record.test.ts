import { SqliteStore } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { BootRecord } from '../src/boot-record.ts';
import { SystemStore, systemMigrations } from '../src/system-store.ts';

/** The record as one run of the station after the other sees it. */
function makeRuns() {
  const store = new SystemStore(new SqliteStore({ path: ':memory:', migrations: systemMigrations }));
  return { store, run: () => new BootRecord(store) };
}

test('the station was switched on, unless somebody said why it would be started again', () => {
  const { run } = makeRuns();
  expect(run().tell()).toBe('PowerUp');
  run().announce('RemoteReset');
  expect(run().tell()).toBe('RemoteReset');
});

test('the reason is told again after a power cut before the boot was accepted, and not after it', () => {
  const { run } = makeRuns();
  run().announce('RemoteReset');
  expect(run().tell()).toBe('RemoteReset');
  const second = run();
  expect(second.tell()).toBe('RemoteReset');
  second.accepted();
  expect(run().tell()).toBe('PowerUp');
});

test('a heartbeat before the reason was told deletes nothing', () => {
  const { run } = makeRuns();
  const first = run();
  first.tell();
  first.announce('RemoteReset');
  first.accepted();
  expect(run().tell()).toBe('RemoteReset');
});

test('the reason that was announced first stands', () => {
  const { run } = makeRuns();
  run().announce('FirmwareUpdate');
  run().announce('RemoteReset');
  expect(run().tell()).toBe('FirmwareUpdate');
});

test('a stored word that is no reason is none', () => {
  const sqlite = new SqliteStore({ path: ':memory:', migrations: systemMigrations });
  sqlite.exec(`INSERT INTO facts VALUES ('boot_reason', 'Boredom')`);
  expect(new BootRecord(new SystemStore(sqlite)).tell()).toBe('PowerUp');
});
