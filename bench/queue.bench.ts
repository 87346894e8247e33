import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { formatTimestamp, RealClock, SqliteStore, type Statement } from '@chargemesh/base';
import { type ChargePoint, ocppMigrations } from '@chargemesh/ocpp-core';
import { type BareClient, bareClient } from './bare-client.ts';
import { accepted, benchStation } from './bench-station.ts';
import { PeerProcess } from './peer-process.ts';
import { type BenchResult, quantile } from './table.ts';

const MESSAGES = 100_000;
const ROUNDS = 9;
const ENQUEUED_A_ROUND = 100;
const DRAINED_A_ROUND = 6_000;
const LOOK_EVERY_MS = 2;

const clock = new RealClock();
const action = 'SecurityEventNotification';
const event = { type: 'TamperDetectionActivated', info: 'x'.repeat(100) } as const;
const payload = { type: event.type, timestamp: formatTimestamp(clock.wallMs()), techInfo: event.info };
const columns = 'ACTION, PAYLOAD, LEDGER_ID';

/**
 * A queue of 100,000 messages: how long a start with it takes and how much memory it holds, what it costs to add to it, beside a bare insert
 * of the same durability into the same table, and how fast it empties, beside a bare client that sends the same.
 */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'chargemesh-bench-queue-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string): Promise<BenchResult> {
  const [ourPeer, rawPeer] = [await PeerProcess.start(), await PeerProcess.start()];
  const [ourFile, rawFile] = [join(folder, 'ours.db'), join(folder, 'raw.db')];
  for (const file of [ourFile, rawFile]) fill(file);
  const before = heldBytes();
  const startMs = clock.monotonicMs();
  const store = new SqliteStore({ path: ourFile, migrations: ocppMigrations });
  const station = benchStation({ store, port: ourPeer.port, queueLimit: 2 * MESSAGES });
  station.start('PowerUp');
  const startedS = (clock.monotonicMs() - startMs) / 1000;
  station.disconnect();
  if (station.queued().transaction < MESSAGES) throw new Error('the queue was not loaded');
  const heldMb = (heldBytes() - before) / 1e6;
  const enqueued = enqueue(station, rawFile);
  const drained = await drain(station, await bareClient(rawPeer.port));
  await station.stop();
  store.close();
  for (const peer of [ourPeer, rawPeer]) peer[Symbol.dispose]();
  return {
    name: 'queue',
    rows: [
      { what: `start with ${MESSAGES} messages`, ours: startedS, unit: 's', better: 'less', goal: 1 },
      { what: 'memory that they hold', ours: heldMb, unit: 'MB', better: 'less', goal: 50 },
      { what: 'one more, committed', ...medians(enqueued), unit: '1/s', better: 'more', goal: 1 / 0.7 },
      { what: 'sent and answered', ...medians(drained), unit: '1/s', better: 'more', goal: 1 / 0.8 },
    ],
  };
}

/** Of both sides, how many a second in each round. */
interface Rates {
  readonly ours: number[];
  readonly raw: number[];
}

function medians({ ours, raw }: Rates): { ours: number; raw: number } {
  return { ours: quantile(ours, 0.5), raw: quantile(raw, 0.5) };
}

function fill(file: string): void {
  const store = new SqliteStore({ path: file, migrations: ocppMigrations });
  const insert = insertInto(store);
  const text = JSON.stringify(payload);
  store.transaction(() => {
    for (let at = 0; at < MESSAGES; at++) insert.run(action, text, null);
  });
  store.close();
}

function insertInto(store: SqliteStore): Statement {
  return store.prepare(`INSERT INTO TRANSACTION_QUEUE (${columns}) VALUES (?, ?, ?)`);
}

function enqueue(station: ChargePoint, rawFile: string): Rates {
  const raw = new SqliteStore({ path: rawFile, migrations: ocppMigrations });
  const insert = insertInto(raw);
  const rates: Rates = { ours: [], raw: [] };
  const sides = {
    ours: () => station.securityEvent(event),
    raw: () => void insert.run(action, JSON.stringify(payload), null),
  };
  // By turns, so that a busy moment of the disk falls on both.
  for (let round = 0; round < ROUNDS; round++)
    for (const side of ['ours', 'raw'] as const) {
      const startMs = clock.monotonicMs();
      for (let at = 0; at < ENQUEUED_A_ROUND; at++) sides[side]();
      rates[side].push((ENQUEUED_A_ROUND * 1000) / (clock.monotonicMs() - startMs));
    }
  raw.close();
  return rates;
}

async function drain(station: ChargePoint, client: BareClient): Promise<Rates> {
  const rates: Rates = { ours: [], raw: [] };
  station.connect();
  await accepted(station);
  await emptied(station, DRAINED_A_ROUND); // until all is compiled
  for (let round = 0; round <= ROUNDS; round++) {
    station.connect();
    await emptied(station, 100);
    const ourMs = clock.monotonicMs();
    const count = await emptied(station, DRAINED_A_ROUND);
    if (round > 0) rates.ours.push((count * 1000) / (clock.monotonicMs() - ourMs));
    station.disconnect();
    const rawMs = clock.monotonicMs();
    for (let at = 0; at < DRAINED_A_ROUND; at++) await client.call(action, { ...payload });
    if (round > 0) rates.raw.push((DRAINED_A_ROUND * 1000) / (clock.monotonicMs() - rawMs));
  }
  await client.close();
  return rates;
}

/** Waits until so many messages have left the queue. @returns how many it were */
async function emptied(station: ChargePoint, count: number): Promise<number> {
  const before = station.queued().transaction;
  while (before - station.queued().transaction < count) await clock.sleep(LOOK_EVERY_MS);
  return before - station.queued().transaction;
}

/** What the process holds, garbage excluded. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}
