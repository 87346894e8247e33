import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

describe('ClearCache', () => {
  test('forgets what was learnt', async () => {
    using bench = await booted(new Bench());
    bench.begin();
    await bench.clock.advance(1);
    expect(await ask(bench, 'ClearCache')).toEqual({ status: 'Accepted' });
    expect(bench.row('SELECT COUNT(*) AS COUNT FROM AUTH_CACHE')).toEqual({ COUNT: 0 });
  });

  test('is refused where there is no cache in use', async () => {
    using bench = await booted(new Bench({ sections: { Core: { AuthorizationCacheEnabled: false } } }));
    expect(await ask(bench, 'ClearCache')).toEqual({ status: 'Rejected' });
  });
});

describe('GetConfiguration', () => {
  test('known and unknown keys, and neither list where it is empty', async () => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'GetConfiguration', { key: ['Coffee', 'ResetRetries'] })).toEqual({
      configurationKey: [{ key: 'ResetRetries', readonly: false, value: '1' }],
      unknownKey: ['Coffee'],
    });
    expect(await ask(bench, 'GetConfiguration', { key: ['ResetRetries'] })).not.toHaveProperty('unknownKey');
    const all = (await ask(bench, 'GetConfiguration', { key: [] })) as { configurationKey: unknown[] };
    expect(all.configurationKey.length).toBeGreaterThan(50);
  });

  test('ocpp-1265: asked for 200 keys it answers as many as it may', async () => {
    using bench = await booted(new Bench());
    const key = Array.from({ length: 200 }, (_, index) => `Key${index}`);
    const answer = (await ask(bench, 'GetConfiguration', { key })) as { unknownKey: string[] };
    expect(answer.unknownKey).toHaveLength(100);
  });
});

describe('DataTransfer', () => {
  test('has nobody to take it', async () => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'DataTransfer', { vendorId: 'x', messageId: 'y', data: 'z' })).toEqual({
      status: 'UnknownVendorId',
    });
  });

  test('is answered by the station where it can', async () => {
    using bench = await booted(new Bench());
    bench.station.dataTransfer = async ({ data }) => ({ status: 'Accepted', data: `${data}!` });
    expect(await ask(bench, 'DataTransfer', { vendorId: 'x', data: 'z' })).toEqual({ status: 'Accepted', data: 'z!' });
  });

  test.each([
    [
      { status: 'Accepted', data: 'd' },
      { status: 'Accepted', data: 'd' },
    ],
    [{ error: 'NotSupported' }, { status: 'Rejected' }],
    ['silence', { status: 'Offline' }],
  ] as const)('to the CSMS, which reacts with %j', async (reaction, result) => {
    using bench = await booted(new Bench());
    bench.csms.on('DataTransfer', reaction);
    const sent = bench.chargePoint.dataTransfer({ vendorId: 'v' });
    await bench.clock.advance(60_000);
    expect(await sent).toEqual(result);
  });

  test.each([true, false])('offline it is not sent, now or later, QueueAllMessages or not: %s', async (all) => {
    using bench = await booted(new Bench({ sections: { Internal: { QueueAllMessages: all } } }));
    bench.csms.drop();
    expect(await bench.chargePoint.dataTransfer({ vendorId: 'v' })).toEqual({ status: 'Offline' });
    await bench.clock.advance(20_000);
    expect(bench.csms.payloads('DataTransfer')).toEqual([]);
  });
});

test('what this station has no part in is said so', async () => {
  using bench = await booted(new Bench());
  expect(await ask(bench, 'GetLocalListVersion')).toEqual({ listVersion: -1 });
  expect(await ask(bench, 'SendLocalList', { listVersion: 1, updateType: 'Full' })).toEqual({ status: 'NotSupported' });
  const reservation = { connectorId: 1, expiryDate: '2026-01-01T01:00:00Z', idTag: 'A', reservationId: 1 };
  expect(await ask(bench, 'ReserveNow', reservation)).toEqual({ status: 'Rejected' });
});
