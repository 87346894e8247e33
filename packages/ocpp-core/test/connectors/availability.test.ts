import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/index.ts';
import { Bench, type BenchOptions } from '../support/bench.ts';

/** A station that reports what it did, as EVSEs do. */
async function build(connectors = 1, more: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench({ connectors, ...more });
  bench.station.onSetAvailability = (id, operative) =>
    operative ? bench.chargePoint.enabled(id) : bench.chargePoint.disabled(id);
  await bench.start();
  bench.csms.forget();
  return bench;
}

async function change(bench: Bench, connectorId: number, type: string): Promise<unknown> {
  const [, , payload] = await bench.csms.call('ChangeAvailability', { connectorId, type });
  await bench.clock.advance(1);
  return (payload as { status: string }).status;
}

describe('one connector', () => {
  test('free: at once, after the answer', async () => {
    using bench = await build();
    expect(await change(bench, 1, 'Inoperative')).toBe('Accepted');
    expect(bench.csms.heard.map(({ frame }) => frame[0])).toEqual([3, 2]);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
    expect(await change(bench, 1, 'Inoperative')).toBe('Accepted');
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
    expect(await change(bench, 1, 'Operative')).toBe('Accepted');
    expect(bench.csms.statuses(1)).toEqual(['Unavailable', 'Available']);
  });

  test('unknown: rejected', async () => {
    using bench = await build();
    expect(await change(bench, 2, 'Inoperative')).toBe('Rejected');
  });

  test('libocpp-809: in a charge: scheduled, and no Available on the way', async () => {
    using bench = await build();
    const id = bench.begin();
    await bench.clock.advance(1);
    expect(await change(bench, 1, 'Inoperative')).toBe('Scheduled');
    bench.csms.on('StopTransaction', 'silence');
    bench.end(id);
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1000);
    expect(bench.chargePoint.connectorStatus(1)).toBe('Unavailable');
    bench.csms.drop();
    bench.csms.forget();
    bench.csms.on('StopTransaction', {});
    await bench.clock.advance(20_000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
  });

  test('carried out with the answer to StopTransaction, the car still plugged in', async () => {
    using bench = await build();
    const id = bench.begin();
    await bench.clock.advance(1);
    await change(bench, 1, 'Inoperative');
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.statuses(1)).toEqual(['Preparing', 'Charging', 'Finishing', 'Unavailable']);
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1);
    expect(bench.csms.statuses(1).at(-1)).toBe('Unavailable');
  });

  test('a late answer to StopTransaction takes nothing from the next car', async () => {
    using bench = await build();
    bench.csms.on('StopTransaction', 'silence');
    bench.end(bench.begin());
    bench.chargePoint.sessionFinished(1);
    const next = bench.begin.bind(bench);
    bench.chargePoint.sessionStarted(1, { sessionId: sessionId('next'), reason: 'EVConnected' });
    await bench.clock.advance(1);
    expect(await change(bench, 1, 'Inoperative')).toBe('Scheduled');
    bench.csms.on('StopTransaction', {});
    await bench.clock.advance(60_000);
    expect(bench.chargePoint.queued().transaction).toBe(0);
    expect(bench.station.calls('setAvailability')).toEqual([[1, true]]);
    bench.end(next(1, { sessionId: sessionId('next') }));
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1000);
    expect(bench.chargePoint.connectorStatus(1)).toBe('Unavailable');
  });

  test('scheduled in a charge that outlives the process, it waits for the end of that charge', async () => {
    using bench = await build(1, { options: { run: 'run-1' } });
    const id = bench.begin();
    await bench.clock.advance(1);
    expect(await change(bench, 1, 'Inoperative')).toBe('Scheduled');
    bench.kill();
    bench.chargePoint.init();
    await bench.start();
    await bench.clock.advance(1000);
    expect(bench.station.calls('setAvailability')).toEqual([[1, true]]);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.station.calls('setAvailability').at(-1)).toEqual([1, false]);
    expect(bench.csms.statuses(1).at(-1)).toBe('Unavailable');
  });

  test('a car that is plugged in counts as use; the last wish counts', async () => {
    using bench = await build();
    bench.chargePoint.sessionStarted(1, { sessionId: bench.begin(), reason: 'EVConnected' });
    expect(await change(bench, 1, 'Inoperative')).toBe('Scheduled');
    expect(await change(bench, 1, 'Operative')).toBe('Scheduled');
    const [open] = bench.chargePoint.openTransactions();
    if (open) bench.end(open.sessionId);
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1000);
    expect(bench.csms.statuses(1).at(-1)).toBe('Available');
  });
});

describe('the whole station', () => {
  test('free connectors at once, busy ones later', async () => {
    using bench = await build(2);
    const id = bench.begin(2);
    await bench.clock.advance(1);
    bench.csms.forget();
    expect(await change(bench, 0, 'Inoperative')).toBe('Scheduled');
    expect(bench.csms.statuses(0)).toEqual(['Unavailable']);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
    expect(bench.csms.statuses(2)).toEqual([]);
    bench.end(id, 2);
    await bench.clock.advance(1000);
    expect(bench.csms.statuses(2)).toEqual(['Finishing', 'Unavailable']);
  });

  test('while it is inoperative a single connector can be made operative', async () => {
    using bench = await build(2);
    await change(bench, 0, 'Inoperative');
    bench.csms.forget();
    expect(await change(bench, 2, 'Operative')).toBe('Accepted');
    expect([0, 1, 2].map((id) => bench.csms.statuses(id))).toEqual([[], [], ['Available']]);
    expect([0, 1, 2].map((id) => bench.chargePoint.connectorStatus(id))).toEqual([
      'Unavailable',
      'Unavailable',
      'Available',
    ]);
  });
});

describe('after a loss of power', () => {
  test('what was changed, or scheduled, is as it was wanted', async () => {
    using bench = await build(2);
    bench.begin(2);
    await bench.clock.advance(1);
    await change(bench, 1, 'Inoperative');
    await change(bench, 2, 'Inoperative');
    bench.kill();
    bench.station.asked.length = 0;
    bench.csms.forget();
    await bench.start();
    expect(bench.station.calls('setAvailability')).toEqual([
      [1, false],
      [2, false],
    ]);
    expect([1, 2].map((id) => bench.csms.statuses(id))).toEqual([['Unavailable'], ['Unavailable']]);
    expect(bench.csms.statuses(0)).toEqual(['Available']);
  });
});

test('init tells the station once, before anything is sent', async () => {
  using bench = new Bench({ connectors: 2 });
  bench.chargePoint.init();
  await bench.start();
  expect(bench.station.calls('setAvailability')).toEqual([
    [1, true],
    [2, true],
  ]);
});
