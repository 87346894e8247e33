import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const accepted = { status: 'Accepted' };

test('is refused where the station may not be reset', async () => {
  using bench = await booted(new Bench());
  bench.station.resetAllowed = false;
  expect(await ask(bench, 'Reset', { type: 'Soft' })).toEqual({ status: 'Rejected' });
  expect(bench.station.calls('reset')).toEqual([]);
});

test('follows its answer at once while nothing charges', async () => {
  using bench = await booted(new Bench());
  expect(await ask(bench, 'Reset', { type: 'Hard' })).toEqual(accepted);
  expect(bench.station.calls('reset')).toEqual([['Hard']]);
});

describe('in a transaction', () => {
  test('MicroOcpp-202, MicroOcpp-324: answer, stop with the reset as reason and no idTag, Finishing, then the reset', async () => {
    using bench = await booted(new Bench());
    const id = bench.begin();
    await bench.clock.advance(1);
    bench.csms.forget();
    expect(await ask(bench, 'Reset', { type: 'Soft' })).toEqual(accepted);
    expect(bench.station.calls('stopTransaction')).toEqual([[1, { reason: 'SoftReset' }]]);
    expect(bench.station.calls('reset')).toEqual([]);
    bench.chargePoint.transactionFinished(1, {
      sessionId: id,
      reason: 'SoftReset',
      meterStopWh: 150,
      timestampMs: bench.clock.wallMs(),
    });
    await bench.clock.advance(1);
    expect(bench.csms.requests().map(([action, { reason, status }]) => reason ?? status ?? action)).toEqual([
      'SoftReset',
      'Finishing',
    ]);
    expect(bench.csms.payloads('StopTransaction')[0]).not.toHaveProperty('idTag');
    expect(bench.station.calls('reset')).toEqual([['Soft']]);
  });

  test('waits until the CSMS has answered the stop, if there is a link', async () => {
    using bench = await booted(new Bench());
    bench.station.onStop = (_, reason) => bench.end(id, 1, { reason });
    const id = bench.begin();
    await bench.clock.advance(1);
    bench.csms.delayMs = 5000;
    await ask(bench, 'Reset', { type: 'Hard' });
    await bench.clock.advance(4000);
    expect(bench.station.calls('reset')).toEqual([]);
    bench.csms.drop();
    await bench.clock.advance(1);
    expect(bench.station.calls('reset')).toEqual([['Hard']]);
  });

  test('does not wait longer than WaitForStopTransactionsOnResetTimeout', async () => {
    using bench = await booted(new Bench({ sections: { Internal: { WaitForStopTransactionsOnResetTimeout: 30 } } }));
    bench.begin();
    await bench.clock.advance(1);
    await ask(bench, 'Reset', { type: 'Hard' });
    await bench.clock.advance(29_000);
    expect(bench.station.calls('reset')).toEqual([]);
    await bench.clock.advance(1000);
    expect(bench.station.calls('reset')).toEqual([['Hard']]);
  });
});

describe('a reset that the station cannot do', () => {
  async function failing(retries: number, times: number): Promise<Bench> {
    const bench = await booted(new Bench({ sections: { Core: { ResetRetries: retries } } }));
    let left = times;
    const reset = bench.station.reset.bind(bench.station);
    bench.station.reset = async (type) => {
      await reset(type);
      if (left-- > 0) throw new Error('not now');
    };
    await ask(bench, 'Reset', { type: 'Soft' });
    return bench;
  }

  test('is tried again as often as ResetRetries says, ten seconds later each time', async () => {
    using bench = await failing(2, 9);
    expect(bench.station.calls('reset')).toHaveLength(1);
    await bench.clock.advance(9_000);
    expect(bench.station.calls('reset')).toHaveLength(1);
    await bench.clock.advance(1_000);
    expect(bench.station.calls('reset')).toHaveLength(2);
    await bench.clock.advance(100_000);
    expect(bench.station.calls('reset')).toEqual([['Soft'], ['Soft'], ['Soft']]);
  });

  test('not again once it was done, nor without ResetRetries', async () => {
    using done = await failing(5, 1);
    await done.clock.advance(100_000);
    expect(done.station.calls('reset')).toHaveLength(2);
    using never = await failing(0, 1);
    await never.clock.advance(100_000);
    expect(never.station.calls('reset')).toHaveLength(1);
  });

  test('another Reset takes its place', async () => {
    using bench = await failing(5, 1);
    await ask(bench, 'Reset', { type: 'Hard' });
    await bench.clock.advance(100_000);
    expect(bench.station.calls('reset')).toEqual([['Soft'], ['Hard']]);
  });
});
