import { formatTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('every request has an id of its own, a UUID of version 4', async () => {
  using bench = new Bench();
  await bench.start();
  bench.end(bench.begin());
  await bench.clock.advance(100);
  const ids = bench.csms.heard.map(({ frame }) => frame[1]);
  expect(ids.length).toBeGreaterThan(5);
  for (const id of ids) expect(id).toMatch(uuid);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the longest texts of OCPP', () => {
  test.each([
    ['RemoteStartTransaction', 'idTag', 20, { connectorId: 1 }],
    ['ChangeConfiguration', 'key', 50, { value: '1' }],
    ['ChangeConfiguration', 'value', 500, { key: 'Coffee' }],
    ['DataTransfer', 'vendorId', 255, {}],
    ['DataTransfer', 'messageId', 50, { vendorId: 'v' }],
  ])('%s.%s has %i characters at most', async (action, field, most, others) => {
    using bench = await booted(new Bench());
    expect(await ask(bench, action, { ...others, [field]: 'x'.repeat(most) })).toHaveProperty('status');
    expect(await ask(bench, action, { ...others, [field]: 'x'.repeat(most + 1) })).toEqual([
      'FormationViolation',
      { path: `/${field}`, rule: 'maxLength' },
    ]);
  });

  test('the data of a DataTransfer have no end', async () => {
    using bench = await booted(new Bench());
    bench.station.dataTransfer = async ({ data }) => ({ status: 'Accepted', data: String(data?.length) });
    expect(await ask(bench, 'DataTransfer', { vendorId: 'v', data: 'x'.repeat(200_000) })).toEqual({
      status: 'Accepted',
      data: '200000',
    });
  });
});

describe('StartTransaction', () => {
  test('tells connector, card, meter in whole Wh, time, and the reservation that was used', async () => {
    using bench = await booted(new Bench());
    bench.begin(1, { idTag: 'DeadBeef', meterStartWh: 100.5, timestampMs: 5_000, reservationId: 7 });
    await bench.clock.advance(1);
    expect(bench.csms.payloads('StartTransaction')).toEqual([
      { connectorId: 1, idTag: 'DeadBeef', meterStart: 101, timestamp: '1970-01-01T00:00:05.000Z', reservationId: 7 },
    ]);
  });

  test('a meter beyond what OCPP can carry is told as the most that it can; without a reservation there is none', async () => {
    using bench = await booted(new Bench());
    bench.begin(1, { meterStartWh: 3e9 });
    await bench.clock.advance(1);
    const [start] = bench.csms.payloads('StartTransaction');
    expect(start).toMatchObject({ meterStart: 2_147_483_647 });
    expect(start).not.toHaveProperty('reservationId');
  });
});

describe('StopTransaction', () => {
  test.each([
    ['Local', 'TAG1'],
    ['Remote', undefined],
  ] as const)('%s: always with its reason, with a card only where one ended it', async (reason, idTag) => {
    using bench = await booted(new Bench({ sections: { Core: { StopTxnSampledData: '', StopTxnAlignedData: '' } } }));
    const id = bench.begin();
    await bench.clock.advance(1);
    const timestampMs = bench.clock.wallMs() + 9_000;
    bench.chargePoint.transactionFinished(1, {
      sessionId: id,
      reason,
      meterStopWh: 199.5,
      timestampMs,
      ...(idTag && { idTag }),
    });
    await bench.clock.advance(1);
    expect(bench.csms.payloads('StopTransaction')).toEqual([
      { transactionId: 1, meterStop: 200, timestamp: formatTimestamp(timestampMs), reason, ...(idTag && { idTag }) },
    ]);
  });
});

describe('MeterValues', () => {
  test('each carries one time and its values, and none is sent where nothing was measured', async () => {
    using bench = await booted(
      new Bench({
        sections: { Core: { MeterValueSampleInterval: 10, MeterValuesSampledData: 'Energy.Active.Import.Register' } },
      }),
    );
    bench.begin();
    await bench.clock.advance(1);
    bench.chargePoint.meterReading(1, { timestampMs: bench.clock.wallMs(), socPercent: 40 });
    await bench.clock.advance(10_000);
    expect(bench.csms.payloads('MeterValues')).toEqual([]);
    bench.read(120);
    await bench.clock.advance(20_000);
    const told = bench.csms.payloads('MeterValues');
    expect(told).toHaveLength(2);
    for (const { meterValue, transactionId, connectorId } of told)
      expect([meterValue, transactionId, connectorId]).toEqual([[expect.anything()], 1, 1]);
  });
});

describe('StatusNotification', () => {
  test('with MinimumStatusDuration a status has the time at which it began, not that of its telling', async () => {
    using bench = await booted(new Bench({ sections: { Core: { MinimumStatusDuration: 30 } } }));
    await bench.clock.advance(60_000);
    bench.csms.forget();
    const sinceMs = bench.clock.wallMs();
    bench.chargePoint.disabled(1);
    await bench.clock.advance(30_000);
    expect(bench.csms.payloads('StatusNotification')).toMatchObject([
      { connectorId: 1, status: 'Unavailable', timestamp: formatTimestamp(sinceMs) },
    ]);
  });
});

describe('before the CSMS has accepted the station', () => {
  test('diagnostics that it asked for are told of, a firmware is not', async () => {
    using bench = new Bench({ sections: { Core: { SupportedFeatureProfiles: 'Core,FirmwareManagement' } } });
    bench.csms.on('BootNotification', { status: 'Pending', currentTime: formatTimestamp(0), interval: 300 });
    await bench.start();
    bench.chargePoint.diagnosticsStatus('Uploading');
    bench.chargePoint.firmwareStatus('Downloading');
    await bench.clock.advance(100);
    expect(bench.csms.requests().map(([action]) => action)).toEqual([
      'BootNotification',
      'DiagnosticsStatusNotification',
    ]);
  });
});

test('ClearCache on a disk that fails is answered InternalError', async () => {
  using bench = await booted(new Bench());
  bench.store.exec('DROP TABLE AUTH_CACHE');
  expect(await ask(bench, 'ClearCache')).toEqual(['InternalError', {}]);
});

test('what a requestedMessage may be, OCPP says', async () => {
  using bench = await booted(new Bench());
  expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'Coffee' })).toEqual([
    'FormationViolation',
    { path: '/requestedMessage', rule: 'enum' },
  ]);
});
