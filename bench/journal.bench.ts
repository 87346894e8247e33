import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Migration, RealClock, SqliteStore } from '@chargemesh/base';
import { defineModule, journalMigration } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { type BenchResult, quantile } from './table.ts';

const EVENTS = 300;
const ROUNDS = 3;
/** Events come one by one, and find a processor that has done other things meanwhile. */
const PAUSE_MS = 2;
const IDLE_AFTER_MS = 5_000;
const IDLE_FOR_MS = 20_000;
/** Linux counts the time of a process in hundredths of a second. */
const TICK_MS = 10;

const root = resolve(import.meta.dirname, '..');
const clock = new RealClock();
const rawMigration: Migration = { version: 1, sql: 'CREATE TABLE event (number INTEGER PRIMARY KEY, payload TEXT)' };

/**
 * The cost of a journal: an event that is validated, committed and published, beside the bare commit of the same text in the same store.
 * And what the supervision of twenty modules costs while nothing happens.
 */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'chargemesh-bench-journal-'));
  try {
    const ours: number[] = [];
    const raw: number[] = [];
    // By turns, so that a busy moment of the disk falls on both.
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(...(await journal(join(folder, `ours-${round}`))));
      raw.push(...(await bare(join(folder, `raw-${round}.db`))));
    }
    return {
      name: 'journal',
      rows: [
        {
          what: 'a session event: validate, commit, publish',
          ours: quantile(ours, 0.5),
          raw: quantile(raw, 0.5),
          unit: 'ms',
          better: 'less',
          goal: 1.3,
        },
        {
          what: 'CPU of an idle mesh with its supervision',
          ours: await idle(folder),
          unit: '%',
          better: 'less',
          goal: 1,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const event = (number: number) => ({
  uuid: '2f3a8c9e-0000-4000-8000-000000000000',
  timestamp: '2026-01-01T12:00:00.000Z',
  event: 'ChargingStarted' as const,
  charging_state_changed_event: {
    meter_value: { timestamp: '2026-01-01T12:00:00.000Z', energy_Wh_import: { total: number } },
  },
});

/** How long each event took, in ms. */
async function journal(stateDir: string): Promise<number[]> {
  const mesh = new TestMesh({ stateDir });
  let publish: (number: number) => void = () => {};
  mesh.add(
    defineModule('EvseManager', (module) => {
      const nothing = new Proxy({}, { has: () => true, get: () => () => null });
      for (const id of ['evse', 'energy_grid', 'token_provider', 'random_delay', 'dc_external_derate'] as const)
        module.provide(id).implement(nothing as never);
      const events = module
        .provide('evse')
        .openJournal('session_event', module.openStore('evse', [journalMigration(1)]));
      publish = (number) => events.publish(event(number));
      return undefined;
    }),
    { id: 'evse', config: { connector_id: 1, evse_id: '1' } },
  );
  await mesh.start();
  const times: number[] = [];
  for (let number = 0; number < EVENTS; number++) {
    const startMs = clock.monotonicMs();
    publish(number);
    times.push(clock.monotonicMs() - startMs);
    await mesh.settle();
    await clock.sleep(PAUSE_MS);
  }
  await mesh.stop();
  return times;
}

async function bare(path: string): Promise<number[]> {
  const store = new SqliteStore({ path, migrations: [rawMigration] });
  const insert = store.prepare('INSERT INTO event (payload) VALUES (?)');
  const times: number[] = [];
  for (let number = 0; number < EVENTS; number++) {
    const text = JSON.stringify(event(number));
    const startMs = clock.monotonicMs();
    insert.run(text);
    times.push(clock.monotonicMs() - startMs);
    await clock.sleep(PAUSE_MS);
  }
  store.close();
  return times;
}

/** How much of one core a mesh in one process takes while nobody does anything, in percent. */
async function idle(folder: string): Promise<number> {
  const mesh = spawn(join(root, 'mesh'), ['up', '--state', join(folder, 'state')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(mesh, 'exit');
  try {
    await untilAccepted(mesh);
    await clock.sleep(IDLE_AFTER_MS);
    const before = cpuMs(mesh.pid);
    await clock.sleep(IDLE_FOR_MS);
    return ((cpuMs(mesh.pid) - before) / IDLE_FOR_MS) * 100;
  } finally {
    mesh.kill('SIGINT');
    await ended;
  }
}

async function untilAccepted(mesh: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((done) => {
    mesh.stdout?.on('data', (text) => {
      said += text;
      if (said.includes('boot accepted')) done();
    });
  });
}

/** The time that a process and those that it started have run on a processor. */
function cpuMs(pid: number | undefined): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const [, parent, ...rest] = fields.split(' ');
        return [{ pid: Number(name), parent: Number(parent), ticks: Number(rest[9]) + Number(rest[10]) }];
      } catch {
        return [];
      }
    });
  const own = stats.filter((stat) => stat.pid === pid || stat.parent === pid);
  return own.reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MS;
}
