import { describe, expect, test } from '@jest/globals';
import { Bench } from '../support/bench.ts';

const transactional = ['StartTransaction', 'MeterValues', 'StopTransaction'];

/** What the CSMS was told of transactions, in short. */
function told({ csms }: Bench): string[] {
  return csms
    .requests(...transactional)
    .map(([action, { transactionId, reason }]) =>
      [action, transactionId, reason].filter((part) => part !== undefined).join(' '),
    );
}

/** The process dies and another one starts. */
async function restart(bench: Bench): Promise<void> {
  bench.kill();
  await bench.start();
  await bench.clock.advance(60_000);
}

describe('killed while a transaction is told', () => {
  test('before the commit: nothing was, nothing is', async () => {
    using bench = new Bench();
    await bench.start();
    const { store } = bench;
    store.exec("CREATE TRIGGER FULL BEFORE INSERT ON TRANSACTION_QUEUE BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    expect(() => bench.begin()).toThrow('disk full');
    store.exec('DROP TRIGGER FULL');
    expect(bench.row('SELECT COUNT(*) AS COUNT FROM TRANSACTIONS')).toEqual({ COUNT: 0 });
    await restart(bench);
    expect(told(bench)).toEqual([]);
  });

  test('after the commit, before the sending', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.drop();
    bench.end(bench.begin());
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 Local']);
  });

  test('after the sending, before the answer: the same payload to the byte, another message id', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('StartTransaction', (_: never, attempt) =>
      attempt === 1 ? 'silence' : { transactionId: 5, idTagInfo: { status: 'Accepted' } },
    );
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StartTransaction', 'StopTransaction 5 Local']);
    const [first, second] = bench.csms.heard.filter(({ frame }) => frame[2] === 'StartTransaction');
    const payload = (text = ''): string => text.slice(text.indexOf('{'));
    expect(payload(second?.text)).toBe(payload(first?.text));
    expect(second?.frame[1]).not.toBe(first?.frame[1]);
  });

  test('libocpp-907: after the stop was sent, before its answer: no second stop is made up', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('StopTransaction', (_: never, attempt) => (attempt === 1 ? 'silence' : {}));
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 Local', 'StopTransaction 1 Local']);
    const [first, second] = bench.csms.payloads('StopTransaction');
    expect(second).toEqual(first);
  });

  test('after the answer: nothing is sent again', async () => {
    using bench = new Bench();
    await bench.start();
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    bench.csms.forget();
    await restart(bench);
    expect(told(bench)).toEqual([]);
  });

  test('during the replay', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.drop();
    bench.end(bench.begin());
    bench.end(bench.begin());
    let answered = 0;
    bench.csms.on('StopTransaction', () => (answered++ === 0 ? {} : 'silence'));
    await bench.clock.advance(20_000);
    await restart(bench);
    bench.csms.on('StopTransaction', {});
    await restart(bench);
    const stops = bench.csms.payloads('StopTransaction').map(({ transactionId }) => transactionId);
    expect([...new Set(stops)]).toEqual([1, 2]);
    expect(stops.filter((id) => id === 1)).toHaveLength(1);
    expect(bench.chargePoint.queued().transaction).toBe(0);
  });
});

describe('killed in a transaction', () => {
  test('the session is gone: PowerLoss with the meter and the time known last, and no idTag', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 60 } } });
    await bench.start();
    bench.begin();
    await bench.clock.advance(59_000);
    bench.read(140);
    await bench.clock.advance(31_000);
    const samples = bench.csms.payloads('MeterValues');
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'MeterValues 1', 'StopTransaction 1 PowerLoss']);
    const [stop] = bench.csms.payloads('StopTransaction');
    expect(stop).toMatchObject({ meterStop: 140, transactionData: samples[0]?.meterValue });
    expect(stop).not.toHaveProperty('idTag');
    const value = samples[0]?.meterValue as { timestamp: string }[];
    expect(stop?.timestamp).toBe(value[0]?.timestamp);
  });

  test('without any reading: the meter of the start', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    await restart(bench);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 100, reason: 'PowerLoss' }]);
  });

  test('the session goes on: so do its samples, its status, and remote stop', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 60 } } });
    await bench.start();
    const id = bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    bench.csms.forget();
    expect(bench.chargePoint.openTransactions()).toMatchObject([{ sessionId: id, transactionId: 1 }]);
    bench.chargePoint.sessionResumed(id);
    await bench.start();
    bench.read(150);
    await bench.clock.advance(60_000);
    expect(bench.csms.statuses(1)).toEqual(['Charging']);
    expect(told(bench)).toEqual(['MeterValues 1']);
    await bench.csms.call('RemoteStopTransaction', { transactionId: 1 });
    expect(bench.station.calls('stopTransaction')).toEqual([[1, { reason: 'Remote' }]]);
    bench.end(id, 1, { reason: 'Remote' });
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['MeterValues 1', 'StopTransaction 1 Remote']);
  });

  test('the session goes on, and its id comes only now', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.drop();
    const id = bench.begin();
    bench.kill();
    bench.chargePoint.sessionResumed(id);
    await bench.start();
    await bench.clock.advance(20_000);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 Local']);
  });

  test('one that was begun before the start of this run is no left-over', async () => {
    using bench = new Bench();
    const id = bench.begin();
    await bench.start();
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction']);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 Local']);
  });
});

test('stopped and started again, the station goes on', async () => {
  using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 60 } } });
  await bench.start();
  const id = bench.begin();
  await bench.clock.advance(1000);
  await bench.chargePoint.stop();
  expect(bench.station.calls('stopTransaction')).toEqual([[1, { reason: 'Other' }]]);
  await bench.clock.advance(120_000);
  bench.end(id, 1, { reason: 'Other' });
  await bench.clock.advance(1000);
  expect(bench.csms.connected).toBe(false);
  bench.csms.forget();
  await bench.start();
  await bench.clock.advance(1000);
  expect(bench.csms.requests('BootNotification', ...transactional).map(([action]) => action)).toEqual([
    'BootNotification',
    'StopTransaction',
  ]);
});
