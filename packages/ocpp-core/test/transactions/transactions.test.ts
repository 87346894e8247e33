import { formatTimestamp, parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';

const transactional = ['StartTransaction', 'MeterValues', 'StopTransaction'];

describe('online', () => {
  test('is told step by step, each on disk before it is told', async () => {
    using bench = new Bench();
    await bench.start();
    const events: unknown[] = [];
    const onDisk: unknown[] = [];
    bench.chargePoint.on('transactionEvent', (event) => {
      events.push(event);
      onDisk.push(bench.row('SELECT STOP_STATE, TRANSACTION_ID FROM TRANSACTIONS'));
    });
    const id = bench.begin(1, { reservationId: 9, meterStartWh: 100.5 });
    await bench.clock.advance(1000);
    bench.end(id, 1, { meterStopWh: 200.49 });
    await bench.clock.advance(1000);
    expect(events).toEqual([
      { event: 'Started', connectorId: 1, sessionId: id },
      { event: 'Updated', connectorId: 1, sessionId: id, transactionId: 1 },
      { event: 'Ended', connectorId: 1, sessionId: id, transactionId: 1 },
    ]);
    expect(onDisk).toMatchObject([
      { STOP_STATE: 'none', TRANSACTION_ID: null },
      { STOP_STATE: 'none', TRANSACTION_ID: 1 },
      { STOP_STATE: 'queued', TRANSACTION_ID: 1 },
    ]);
    expect(bench.csms.requests(...transactional)).toEqual([
      [
        'StartTransaction',
        { connectorId: 1, idTag: 'TAG1', meterStart: 101, reservationId: 9, timestamp: expect.any(String) },
      ],
      [
        'StopTransaction',
        { idTag: 'TAG1', meterStop: 200, reason: 'Local', timestamp: expect.any(String), transactionId: 1 },
      ],
    ]);
    expect(bench.row('SELECT STOP_STATE FROM TRANSACTIONS')).toMatchObject({ STOP_STATE: 'answered' });
    expect(bench.chargePoint.queued()).toEqual({ transaction: 0, normal: 0 });
  });

  test('of a meter that was read before it began, no sample lies before its beginning', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 5 } } });
    await bench.start();
    bench.read(100);
    await bench.clock.advance(60_000);
    bench.begin(1, { meterStartWh: 100 });
    await bench.clock.advance(5_000);
    const [[, start], [, values]] = bench.csms.requests('StartTransaction', 'MeterValues') as [
      [string, { timestamp: string }],
      [string, { meterValue: { timestamp: string }[] }],
    ];
    expect(values.meterValue.map(({ timestamp }) => timestamp)).toEqual([start.timestamp]);
  });

  test('whose end the disk does not take at once is measured no more until it does', async () => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 5 } } });
    await bench.start();
    const id = bench.begin(1, { meterStartWh: 100 });
    await bench.clock.advance(6_000);
    const end = { meterStopWh: 150, timestampMs: bench.clock.wallMs() };
    bench.store.exec(
      "CREATE TRIGGER no_stop BEFORE UPDATE OF STOP_STATE ON TRANSACTIONS BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    expect(() => bench.end(id, 1, end)).toThrow('disk full');
    await bench.clock.advance(3_000);
    bench.read(150);
    await bench.clock.advance(8_000);
    bench.store.exec('DROP TRIGGER no_stop');
    bench.end(id, 1, end);
    await bench.clock.advance(1_000);
    expect(bench.csms.payloads('MeterValues')).toEqual([]);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([
      { meterStop: 150, timestamp: formatTimestamp(end.timestampMs) },
    ]);
  });

  test.each([
    ['later than a reading that was sent already, has its time', 0, 7_000],
    ['from before the clock was set back, keeps its own', -3_600_000, 0],
  ])('whose end is told %s', async (_, clockMovesMs, laterMs) => {
    using bench = new Bench({ sections: { Core: { MeterValueSampleInterval: 8 } } });
    await bench.start();
    const id = bench.begin(1, { meterStartWh: 100 });
    const begunMs = bench.clock.wallMs();
    await bench.clock.advance(7_000);
    bench.read(150);
    await bench.clock.advance(3_000);
    bench.clock.setWall(bench.clock.wallMs() + clockMovesMs);
    const timestampMs = begunMs + clockMovesMs;
    bench.end(id, 1, { meterStopWh: 150, timestampMs, signedStop: { value: 'end', timestampMs } });
    await bench.clock.advance(1_000);
    const told = formatTimestamp(timestampMs + laterMs);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([
      { timestamp: told, transactionData: [{}, { timestamp: told }] },
    ]);
  });

  test('told twice, it is sent once', async () => {
    using bench = new Bench();
    await bench.start();
    const id = bench.begin();
    bench.begin(1, { sessionId: id });
    bench.end(id);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.requests(...transactional).map(([action]) => action)).toEqual([
      'StartTransaction',
      'StopTransaction',
    ]);
  });

  test('the end of a transaction that never began is ignored', async () => {
    using bench = new Bench();
    await bench.start();
    bench.end(sessionId('stranger'));
    await bench.clock.advance(1000);
    expect(bench.csms.requests(...transactional)).toEqual([]);
  });

  test('a forgotten end is made up for when the next one begins', async () => {
    using bench = new Bench();
    await bench.start();
    bench.begin();
    await bench.clock.advance(1000);
    bench.read(150);
    bench.begin();
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([
      { transactionId: 1, meterStop: 150, reason: 'Other' },
    ]);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
  });

  test.each([0, -5, 2_147_483_647])('the id %i that the CSMS gives is taken as it is', async (transactionId) => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('StartTransaction', { transactionId, idTagInfo: { status: 'Accepted' } });
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId }]);
  });

  test('a parent id and a refusal of the token are passed on', async () => {
    using bench = new Bench();
    await bench.start();
    const updates: unknown[] = [];
    bench.chargePoint.on('tokenUpdate', (update) => updates.push(update));
    const idTagInfo = { status: 'Accepted', parentIdTag: 'FAMILY' };
    bench.csms.on('StartTransaction', { transactionId: 1, idTagInfo });
    const id = bench.begin();
    await bench.clock.advance(1000);
    expect(updates).toEqual([{ connectorId: 1, sessionId: id, idTag: 'TAG1', idTagInfo }]);
  });
});

describe('offline', () => {
  test('reaches the CSMS later, in order, with the ids that it gives', async () => {
    using bench = new Bench({
      connectors: 2,
      sections: { Core: { MeterValueSampleInterval: 10 } },
    });
    await bench.start();
    bench.csms.drop();
    bench.csms.reachable = false;
    bench.csms.forget();
    const first = bench.begin(1);
    bench.read(110, 1);
    await bench.clock.advance(10_000);
    const second = bench.begin(2);
    bench.end(first, 1);
    bench.end(second, 2);
    bench.csms.on('StartTransaction', (_: never, attempt) => ({
      transactionId: 70 + attempt,
      idTagInfo: { status: 'Accepted' },
    }));
    bench.csms.reachable = true;
    await bench.clock.advance(60_000);
    const told = bench.csms.requests(...transactional);
    expect(told.map(([action, { connectorId, transactionId }]) => [action, connectorId, transactionId])).toEqual([
      ['StartTransaction', 1, undefined],
      ['MeterValues', 1, 71],
      ['StartTransaction', 2, undefined],
      ['StopTransaction', undefined, 71],
      ['StopTransaction', undefined, 72],
    ]);
    const started = told[0]?.[1].timestamp;
    expect(parseTimestamp(String(started))).toBeLessThan(bench.clock.wallMs() - 60_000);
  });

  test('begun before the first boot of all', async () => {
    using bench = new Bench();
    bench.csms.reachable = false;
    await bench.start();
    bench.end(bench.begin());
    bench.csms.reachable = true;
    await bench.clock.advance(20_000);
    expect(bench.csms.requests('BootNotification', ...transactional).map(([action]) => action)).toEqual([
      'BootNotification',
      'StartTransaction',
      'StopTransaction',
    ]);
  });

  test('one message waits for the answer to the one before', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.drop();
    for (let count = 0; count < 3; count++) bench.end(bench.begin());
    bench.csms.delayMs = 1000;
    await bench.clock.advance(60_000);
    const times = bench.csms.heard
      .filter(({ frame }) => transactional.includes(String(frame[2])))
      .map(({ atMs }) => atMs);
    expect(times).toHaveLength(6);
    for (const [index, atMs] of times.slice(1).entries())
      expect(atMs - (times[index] ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});

describe('signed values', () => {
  const begin = { value: 'begin', timestampMs: 1_767_225_600_000 };
  const stop = { value: 'end', timestampMs: 1_767_225_700_000 };
  const values = (payload: Record<string, unknown> = {}): unknown[] => {
    const data = payload.transactionData as { sampledValue: { value: string }[] }[];
    return data.map(({ sampledValue }) => sampledValue[0]?.value);
  };

  test('EVerest-2252: the begin value follows the start, both are in the stop', async () => {
    using bench = new Bench();
    await bench.start();
    bench.end(bench.begin(1, { signedStart: begin }), 1, { signedStart: begin, signedStop: stop });
    await bench.clock.advance(1000);
    expect(bench.csms.requests(...transactional).map(([action]) => action)).toEqual([
      'StartTransaction',
      'MeterValues',
      'StopTransaction',
    ]);
    expect(bench.csms.payloads('MeterValues')).toEqual([
      {
        connectorId: 1,
        transactionId: 1,
        meterValue: [
          {
            timestamp: '2026-01-01T00:00:00.000Z',
            sampledValue: [{ context: 'Transaction.Begin', format: 'SignedData', value: 'begin' }],
          },
        ],
      },
    ]);
    expect(values(bench.csms.payloads('StopTransaction')[0])).toEqual(['begin', 'end']);
  });

  test('EVerest-2259: a begin value that is known at the end only has the time of the start', async () => {
    using bench = new Bench();
    await bench.start();
    const id = bench.begin();
    await bench.clock.advance(5000);
    bench.end(id, 1, { signedStart: { value: 'late', timestampMs: bench.clock.wallMs() }, signedStop: stop });
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('MeterValues')).toEqual([]);
    const [payload] = bench.csms.payloads('StopTransaction');
    expect(values(payload)).toEqual(['late', 'end']);
    expect(payload?.transactionData).toMatchObject([
      { timestamp: bench.csms.payloads('StartTransaction')[0]?.timestamp },
      {},
    ]);
  });
});

describe('after the end', () => {
  test('a cable that was pulled is released', async () => {
    using bench = new Bench();
    await bench.start();
    bench.end(bench.begin(), 1, { reason: 'EVDisconnected' });
    await bench.clock.advance(1);
    expect(bench.station.calls('unlockConnector')).toEqual([[1]]);
    expect(bench.csms.statuses(1).at(-1)).toBe('Charging');
  });

  test('libocpp-813, SAP-1227: the car stays plugged in: Finishing until it leaves', async () => {
    using bench = new Bench();
    await bench.start();
    bench.end(bench.begin(), 1, { reason: 'Remote' });
    await bench.clock.advance(1);
    expect(bench.csms.statuses(1).at(-1)).toBe('Finishing');
    expect(await bench.csms.call('RemoteStartTransaction', { idTag: 'A', connectorId: 1 })).toMatchObject({
      2: { status: 'Rejected' },
    });
    bench.chargePoint.sessionFinished(1);
    await bench.clock.advance(1);
    expect(bench.csms.statuses(1).at(-1)).toBe('Available');
  });
});
