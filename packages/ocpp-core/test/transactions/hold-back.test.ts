import { describe, expect, test } from '@jest/globals';
import { Bench } from '../support/bench.ts';

/** A charge whose start the CSMS answers with Blocked. */
async function blocked(core: Record<string, unknown>): Promise<Bench> {
  const bench = new Bench({ sections: { Core: core } });
  await bench.start();
  bench.csms.on('StartTransaction', { transactionId: 1, idTagInfo: { status: 'Blocked' } });
  bench.begin();
  bench.read(100);
  await bench.clock.advance(1000);
  return bench;
}

/** The CSMS accepts a card that is presented (again). */
async function accept(bench: Bench, idTag: string): Promise<void> {
  const result = bench.chargePoint.validateToken(idTag);
  await bench.clock.advance(1);
  await result;
}

describe('a token that the answer to StartTransaction does not accept', () => {
  test('stops the transaction where StopTransactionOnInvalidId says so', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: true, MaxEnergyOnInvalidId: 50 });
    expect(bench.station.calls('stopTransaction')).toEqual([[1, { reason: 'DeAuthorized' }]]);
    expect(bench.station.calls('pauseCharging')).toEqual([]);
  });

  test('pauses it else, and a later acceptance resumes it', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: false });
    expect(bench.station.calls('stopTransaction')).toEqual([]);
    expect(bench.station.calls('pauseCharging')).toEqual([[1]]);
    await accept(bench, 'tag1');
    expect(bench.station.calls('resumeCharging')).toEqual([[1]]);
    await accept(bench, 'tag1');
    expect(bench.station.calls('resumeCharging')).toHaveLength(1);
  });

  test('may have MaxEnergyOnInvalidId more, counted from then on', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: false, MaxEnergyOnInvalidId: 50 });
    bench.read(149);
    expect(bench.station.calls('pauseCharging')).toEqual([]);
    bench.read(150);
    bench.read(151);
    expect(bench.station.calls('pauseCharging')).toEqual([[1]]);
  });

  test('accepted before that energy is reached, nothing is paused', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: false, MaxEnergyOnInvalidId: 50 });
    await accept(bench, 'TAG1');
    bench.read(500);
    expect(bench.station.calls('pauseCharging')).toEqual([]);
    expect(bench.station.calls('resumeCharging')).toEqual([]);
  });

  test('is held back once, though the disk takes nothing, and is known to be held when it does', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: false, MaxEnergyOnInvalidId: 50 });
    bench.store.exec('PRAGMA query_only = ON');
    bench.read(150);
    bench.read(151);
    expect(bench.station.calls('pauseCharging')).toEqual([[1]]);
    bench.store.exec('PRAGMA query_only = OFF');
    await bench.clock.advance(1000);
    expect(bench.row('SELECT HOLD FROM TRANSACTIONS')).toEqual({ HOLD: 'paused' });
    await accept(bench, 'TAG1');
    expect(bench.station.calls('resumeCharging')).toEqual([[1]]);
  });

  test('a pause outlives the process', async () => {
    using bench = await blocked({ StopTransactionOnInvalidId: false });
    const [open] = bench.chargePoint.openTransactions();
    if (!open) throw new Error('no transaction');
    bench.kill();
    bench.chargePoint.sessionResumed(open.sessionId);
    await bench.start();
    expect(bench.station.calls('pauseCharging')).toEqual([[1], [1]]);
  });
});

test('what somebody else paused is not resumed', async () => {
  using bench = new Bench();
  await bench.start();
  bench.begin();
  await bench.clock.advance(1000);
  bench.chargePoint.pausedByEvse(1);
  await accept(bench, 'TAG1');
  expect(bench.station.calls('resumeCharging')).toEqual([]);
});

test('an answer that comes after the end does nothing', async () => {
  using bench = new Bench();
  await bench.start();
  bench.csms.drop();
  bench.csms.on('StartTransaction', { transactionId: 1, idTagInfo: { status: 'Blocked' } });
  bench.end(bench.begin());
  await bench.clock.advance(20_000);
  expect(bench.csms.payloads('StopTransaction')).toHaveLength(1);
  expect(bench.station.calls('stopTransaction')).toEqual([]);
  expect(bench.station.calls('pauseCharging')).toEqual([]);
});
