import { describe, expect, test } from '@jest/globals';
import { booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

/** What each MeterValues said: connector, transaction, context and values. */
function told({ csms }: Bench): string[] {
  return csms.payloads('MeterValues').map((payload) => {
    const { connectorId, transactionId, meterValue } = payload as unknown as {
      connectorId: number;
      transactionId?: number;
      meterValue: { sampledValue: { context: string; value: string }[] }[];
    };
    const values = meterValue.flatMap(({ sampledValue }) => sampledValue.map(({ value }) => value)).join(',');
    return `${connectorId} ${transactionId ?? '-'} ${meterValue[0]?.sampledValue[0]?.context} ${values}`;
  });
}

describe('a sample', () => {
  test('without a reading is not sent', async () => {
    using bench = await booted(
      new Bench({ sections: { Core: { MeterValueSampleInterval: 10, ClockAlignedDataInterval: 900 } } }),
    );
    bench.begin();
    await bench.clock.advance(1_000_000);
    expect(told(bench)).toEqual([]);
  });

  test('is the newest reading, under the time at which that was read', async () => {
    using bench = await booted(new Bench({ sections: { Core: { MeterValueSampleInterval: 10 } } }));
    bench.begin();
    await bench.clock.advance(3_000);
    bench.read(110);
    await bench.clock.advance(2_000);
    bench.read(120);
    const readAt = bench.csms.now();
    await bench.clock.advance(5_000);
    expect(bench.csms.payloads('MeterValues')).toMatchObject([
      { meterValue: [{ timestamp: readAt, sampledValue: [{ value: '120.00' }] }] },
    ]);
  });

  test('tells what is offered though nobody offers: 0, and in whole units else', async () => {
    using bench = await booted(
      new Bench({
        sections: { Core: { MeterValueSampleInterval: 10, MeterValuesSampledData: 'Current.Offered,Power.Offered' } },
      }),
    );
    bench.begin();
    bench.read(100);
    await bench.clock.advance(10_000);
    bench.chargePoint.offered(1, { currentA: 15.9, powerW: 3657.4 });
    await bench.clock.advance(10_000);
    expect(told(bench)).toEqual(['1 1 Sample.Periodic 0.00,0.00', '1 1 Sample.Periodic 15.00,3657.00']);
  });

  test('is written down for a loss of power, energy among its measurands or not', async () => {
    using bench = await booted(
      new Bench({ sections: { Core: { MeterValueSampleInterval: 10, MeterValuesSampledData: 'Current.Offered' } } }),
    );
    bench.begin();
    bench.read(100);
    await bench.clock.advance(5_000);
    bench.read(123.4);
    await bench.clock.advance(5_000);
    bench.kill();
    await bench.start();
    await bench.clock.advance(25_000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ reason: 'PowerLoss', meterStop: 123 }]);
  });
});

describe('clock-aligned samples', () => {
  const quarterHours = { Core: { ClockAlignedDataInterval: 900 } };

  test('are told of every connector, in a transaction or idle', async () => {
    using bench = await booted(new Bench({ connectors: 2, sections: quarterHours }));
    bench.begin(2);
    bench.read(10, 1);
    bench.read(200, 2);
    await bench.clock.advance(900_000);
    expect(told(bench)).toEqual(['1 - Sample.Clock 10.00', '2 1 Sample.Clock 200.00']);
  });

  test('begin when the CSMS has accepted the station, and not before', async () => {
    using bench = new Bench({ sections: quarterHours });
    bench.csms.on('BootNotification', (_: never, attempt) => ({
      status: attempt === 1 ? 'Pending' : 'Accepted',
      currentTime: bench.csms.now(),
      interval: 1000,
    }));
    await bench.start();
    bench.read(10);
    await bench.clock.advance(999_000);
    expect(bench.chargePoint.queued().transaction).toBe(1); // the event of the start alone
    await bench.clock.advance(802_000);
    expect(told(bench)).toEqual(['1 - Sample.Clock 10.00']);
  });

  test('go on without a link, and are told later, each with its time', async () => {
    using bench = await booted(new Bench({ sections: quarterHours }));
    bench.csms.drop();
    bench.csms.reachable = false;
    for (let count = 1; count <= 3; count++) {
      bench.read(10 * count);
      await bench.clock.advance(900_000);
    }
    bench.csms.reachable = true;
    await bench.clock.advance(60_000);
    expect(told(bench)).toEqual(['1 - Sample.Clock 10.00', '1 - Sample.Clock 20.00', '1 - Sample.Clock 30.00']);
  });

  test('of a transaction go with its end, by the list for them', async () => {
    using bench = await booted(
      new Bench({
        sections: {
          Core: { ClockAlignedDataInterval: 900, MeterValueSampleInterval: 600, StopTxnSampledData: '' },
        },
      }),
    );
    const id = bench.begin();
    bench.read(150);
    await bench.clock.advance(900_000);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([
      { transactionData: [{ sampledValue: [{ context: 'Sample.Clock', value: '150.00' }] }] },
    ]);
    expect(bench.csms.payloads('StopTransaction')[0]?.transactionData).toHaveLength(1);
  });
});

test('the end of a transaction is no longer than MaxMessageSize, its first and its last sample in it', async () => {
  using bench = await booted(
    new Bench({ sections: { Core: { MeterValueSampleInterval: 10 }, Internal: { MaxMessageSize: 32_000 } } }),
  );
  const id = bench.begin();
  for (let count = 1; count <= 400; count++) {
    bench.read(100 + count);
    await bench.clock.advance(10_000);
  }
  bench.end(id);
  await bench.clock.advance(1000);
  const text = bench.csms.heard.find(({ frame }) => frame[2] === 'StopTransaction')?.text ?? '';
  expect(text.length).toBeGreaterThan(12_000);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32_000);
  const data = JSON.parse(text)[3].transactionData as { sampledValue: { value: string }[] }[];
  expect([data.at(0)?.sampledValue[0]?.value, data.at(-1)?.sampledValue[0]?.value]).toEqual(['101.00', '500.00']);
});
