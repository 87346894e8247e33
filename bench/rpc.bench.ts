import { RealClock, SqliteStore } from '@chargemesh/base';
import { ocppMigrations } from '@chargemesh/ocpp-core';
import { bareClient } from './bare-client.ts';
import { accepted, benchStation } from './bench-station.ts';
import { PeerProcess } from './peer-process.ts';
import { type BenchResult, type BenchRow, quantile } from './table.ts';

const ROUNDS = 11;
const CALLS_A_ROUND = 4_000;
/** Until both are compiled: a station runs for years. */
const WARM_UP_CALLS = 60_000;
const IN_FLIGHT = [1, 20];
const order = { action: 'DataTransfer', payload: { vendorId: 'bench', messageId: 'echo', data: 'x'.repeat(100) } };

const clock = new RealClock();

/** How many CALLs of a CSMS are answered a second: by a whole station, both schemas held against each, and by a bare client that echoes. */
export async function run(): Promise<BenchResult> {
  const [ourPeer, rawPeer] = [await PeerProcess.start(), await PeerProcess.start()];
  const store = new SqliteStore({ path: ':memory:', migrations: ocppMigrations });
  const station = benchStation({ store, port: ourPeer.port });
  station.start('PowerUp');
  await accepted(station);
  const client = await bareClient(rawPeer.port);
  for (const peer of [ourPeer, rawPeer]) await peer.pump({ ...order, count: WARM_UP_CALLS, inFlight: 20 });
  const rows: BenchRow[] = [];
  for (const inFlight of IN_FLIGHT) {
    const rates = { ours: [] as number[], raw: [] as number[] };
    // By turns, so that whatever else the machine does hits both alike.
    for (let round = 0; round < ROUNDS; round++)
      for (const [side, peer] of [
        ['ours', ourPeer],
        ['raw', rawPeer],
      ] as const) {
        const startMs = clock.monotonicMs();
        await peer.pump({ ...order, count: CALLS_A_ROUND, inFlight });
        rates[side].push(CALLS_A_ROUND / ((clock.monotonicMs() - startMs) / 1000));
      }
    rows.push({
      what: `CALLs answered, ${inFlight} in flight`,
      ours: quantile(rates.ours, 0.5),
      raw: quantile(rates.raw, 0.5),
      unit: '1/s',
      better: 'more',
      goal: 1,
    });
  }
  await client.close();
  await station.stop();
  for (const peer of [ourPeer, rawPeer]) peer[Symbol.dispose]();
  store.close();
  return { name: 'rpc', rows };
}
