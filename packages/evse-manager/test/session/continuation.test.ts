import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MortalClock, PatientWrites, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Continuation } from '../../src/session/continuation.ts';
import { ResumeMemory, resumeMigration } from '../../src/session/resume-memory.ts';
import type { SavedSession } from '../../src/session/session.ts';

let folder: string;
let clock: VirtualClock;
let life: MortalClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evse-continuation-'));
  clock = new VirtualClock();
  life = new MortalClock(clock);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another life of the module, in this run of the manager. */
function live(run: string | null = 'run'): Continuation {
  life.kill();
  life = new MortalClock(clock);
  const store = new SqliteStore({ path: join(folder, 'evse.db'), migrations: [resumeMigration(1)] });
  const markFile = join(folder, 'alive.json');
  return new Continuation(
    new ResumeMemory({
      store,
      clock: life,
      writes: new PatientWrites(life, silentLogger),
      run: run ?? undefined,
      markFile,
    }),
    life,
  );
}

const session = (transaction: SavedSession['transaction']): SavedSession => ({
  id: 'one',
  authorization: undefined,
  cancelled: false,
  stop: { reason: 'EVDisconnected' },
  transaction,
  reservationId: undefined,
  startValue: undefined,
});
const limits = (valid_for: number): types.energy.EnforcedLimits => ({
  uuid: 'evse',
  valid_for,
  limits_root_side: { ac_max_current_A: { value: 16, source: 'grid' } },
  schedule: [],
});

test('a session with its transaction goes on, with what is left of its grant', async () => {
  const one = live();
  one.noteGrant(limits(10));
  one.noteSession(session('active'));
  one.notePause(true);
  await clock.advance(3_200);
  const continued = live().recall();
  expect(continued).toMatchObject({ session: { id: 'one', transaction: 'active' }, pauseRequested: true });
  expect(continued?.grant).toMatchObject({ valid_for: 6, limits_root_side: limits(0).limits_root_side });
  // The last sign of life was left at the full second.
  expect(continued?.awayMs).toBe(200);
});

test('a grant that has run out meanwhile is none', async () => {
  const one = live();
  one.noteGrant(limits(10));
  one.noteSession(session('active'));
  live();
  await clock.advance(10_000);
  expect(live().recall()).toMatchObject({ session: { id: 'one' }, grant: undefined, awayMs: 10_000 });
});

test('a transaction whose EVSE was away for more than 30 s is over', async () => {
  live().noteSession(session('active'));
  live();
  await clock.advance(30_000);
  expect(live().recall()?.session).toBeDefined();
  await clock.advance(1);
  expect(live().recall()?.session).toBeUndefined();
  // And stays so, however soon the next life begins.
  expect(live().recall()?.session).toBeUndefined();
});

test('a car that waits for its card waits on, however long it takes', async () => {
  live().noteSession(session('none'));
  live();
  await clock.advance(3_600_000);
  expect(live().recall()).toMatchObject({ session: { id: 'one', transaction: 'none' }, awayMs: undefined });
});

test.each(['another run', null])('what the run of one manager left is no concern of %p', (run) => {
  live().noteSession(session('active'));
  expect(live(run).recall()).toBeUndefined();
});

test('a session that has ended is none, and its pause with it', () => {
  const one = live();
  one.noteSession(session('active'));
  one.notePause(true);
  one.noteSession(undefined);
  expect(live().recall()).toMatchObject({ session: undefined, pauseRequested: false });
});

test('of wishes the last one of each source counts, for the EVSE and for its connector', () => {
  const wish = (connectorId: number, enable_state: 'Enable' | 'Disable') =>
    ({ connectorId, source: { enable_source: 'CSMS', enable_state, enable_priority: 5000 } }) as const;
  const one = live();
  one.noteWish(wish(0, 'Disable'));
  one.noteWish(wish(1, 'Disable'));
  one.noteWish(wish(0, 'Enable'));
  one.noteExternalReady();
  expect(live().recall()).toMatchObject({ wishes: [wish(1, 'Disable'), wish(0, 'Enable')], externalReady: true });
});
