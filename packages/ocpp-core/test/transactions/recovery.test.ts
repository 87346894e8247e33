import { formatTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/index.ts';
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

  test('what the EVSE tells of its end counts, and is waited for', async () => {
    using bench = new Bench();
    await bench.start();
    const id = bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    bench.read(150);
    await bench.clock.advance(15_000);
    expect(told(bench)).toEqual(['StartTransaction']);
    const endedMs = bench.clock.wallMs();
    bench.end(id, 1, { reason: 'PowerLoss', meterStopWh: 160 });
    await bench.clock.advance(60_000);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 PowerLoss']);
    const timestamp = formatTimestamp(endedMs);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 160, timestamp }]);
  });

  test('without a word of the EVSE, and a meter that reads more than was written down: its reading', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    bench.read(110);
    await bench.clock.advance(30_000);
    bench.read(150);
    bench.kill();
    await bench.start();
    await bench.clock.advance(1000);
    bench.read(150);
    const timestamp = formatTimestamp(bench.clock.wallMs());
    await bench.clock.advance(18_900);
    expect(told(bench)).toEqual(['StartTransaction']);
    await bench.clock.advance(200);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 150, reason: 'PowerLoss', timestamp }]);
  });

  test('an EVSE whose meter has forgotten what the CSMS has seen: the last reading', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 10 } } });
    await bench.start();
    const id = bench.begin();
    bench.read(140);
    await bench.clock.advance(10_000);
    bench.kill();
    bench.chargePoint.sessionResumed(id);
    await bench.start();
    bench.end(id, 1, { reason: 'PowerLoss', meterStopWh: 0 });
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 140, reason: 'PowerLoss' }]);
  });

  test('so too where only a triggered message showed it', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    bench.read(110);
    await bench.clock.advance(30_000);
    bench.read(140);
    await bench.csms.call('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
    await restart(bench);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 140 }]);
  });

  test('REF-QUIRK: an EVSE that tells the end under no session means the transaction that it had', async () => {
    using bench = new Bench({ connectors: 2 });
    await bench.start();
    bench.begin(1);
    bench.begin(2);
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    bench.end(sessionId(''), 2, { reason: 'PowerLoss', meterStopWh: 170 });
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 2, meterStop: 170 }]);
  });

  test('a session that says only after the start that it goes on is taken up', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 60 } } });
    await bench.start();
    const id = bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    bench.csms.forget();
    bench.chargePoint.sessionResumed(id);
    bench.read(150);
    await bench.clock.advance(60_000);
    expect(told(bench)).toEqual(['MeterValues 1']);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['MeterValues 1', 'StopTransaction 1 Local']);
  });

  test('a new session on the connector ends it before the new transaction begins', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    bench.csms.forget();
    bench.begin();
    await bench.clock.advance(60_000);
    expect(told(bench)).toEqual(['StopTransaction 1 PowerLoss', 'StartTransaction']);
  });

  test('a stop within the wait leaves it to the next start', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    await bench.chargePoint.stop({ stopTransactions: false });
    await bench.clock.advance(60_000);
    expect(bench.chargePoint.openTransactions()).toHaveLength(1);
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 PowerLoss']);
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

test('shut down in a transaction: the reading of that moment is what a loss of power ends it with', async () => {
  using bench = new Bench({ connectors: 2 });
  await bench.start();
  bench.begin(1);
  bench.begin(2);
  for (const [atS, wh] of [
    [0, 110],
    [25, 150],
    [59, 190],
  ] as const) {
    bench.read(wh, 1);
    bench.read(wh + 1000, 2);
    await bench.clock.advance(atS * 1000);
  }
  await bench.chargePoint.stop({ stopTransactions: false });
  expect(bench.station.calls('stopTransaction')).toEqual([]);
  await restart(bench);
  expect(bench.csms.payloads('StopTransaction')).toMatchObject([
    { meterStop: 190, reason: 'PowerLoss' },
    { meterStop: 1190, reason: 'PowerLoss' },
  ]);
});

describe('started anew alone, in the same run of the station', () => {
  const options = { options: { run: 'run-1' }, sections: { Core: { MeterValueSampleInterval: 60 } } };

  test('transactions go on, whether it was killed or shut down', async () => {
    using bench = new Bench(options);
    await bench.start();
    const id = bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    await bench.clock.advance(1000);
    await bench.chargePoint.stop({ stopTransactions: false });
    bench.kill();
    await bench.start();
    await bench.clock.advance(1000);
    bench.csms.forget();
    bench.read(150);
    await bench.clock.advance(60_000);
    expect(bench.chargePoint.connectorStatus(1)).toBe('Charging');
    expect(told(bench)).toEqual(['MeterValues 1']);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['MeterValues 1', 'StopTransaction 1 Local']);
  });

  test.each([
    ['another session begins', (bench: Bench) => void bench.begin(), ['StopTransaction 1 Other', 'StartTransaction']],
    ['its session ends', (bench: Bench) => bench.chargePoint.sessionFinished(1), ['StopTransaction 1 Other']],
  ])('an end that nobody heard is made up for when %s', async (_, happens, expected) => {
    using bench = new Bench(options);
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    bench.kill();
    await bench.start();
    bench.csms.forget();
    bench.read(180);
    await bench.clock.advance(1000);
    happens(bench);
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(expected);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 180 }]);
  });

  test('after the station has stopped all transactions none goes on', async () => {
    using bench = new Bench(options);
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    await bench.chargePoint.stop();
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 PowerLoss']);
  });

  test('in another run none goes on', async () => {
    const run = { options: { run: 'run-1' } };
    using bench = new Bench(run);
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    run.options.run = 'run-2';
    await restart(bench);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 PowerLoss']);
  });
});

test('REF-QUIRK: an EVSE that comes back alone and tells the end under no session means the one that it resumed', async () => {
  using bench = new Bench();
  await bench.start();
  const id = bench.begin();
  await bench.clock.advance(1000);
  bench.chargePoint.sessionResumed(id);
  bench.end(sessionId(''), 1, { reason: 'PowerLoss' });
  await bench.clock.advance(1000);
  expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 1 PowerLoss']);
});

test('stopped and started again, nothing is sent before the CSMS has accepted it anew', async () => {
  using bench = new Bench();
  await bench.start();
  await bench.chargePoint.stop();
  bench.csms.on('BootNotification', 'silence');
  bench.csms.forget();
  await bench.start();
  bench.begin();
  await bench.clock.advance(59_000);
  expect(bench.csms.requests().map(([action]) => action)).toEqual(['BootNotification']);
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
