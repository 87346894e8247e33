import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

async function change(bench: Bench, key: string, value: string): Promise<unknown> {
  return ask(bench, 'ChangeConfiguration', { key, value });
}

const accepted = { status: 'Accepted' };
const rejected = { status: 'Rejected' };

test('open-ocpp-193, libocpp-877: names in any case, values by their type, unknown keys', async () => {
  using bench = await booted(new Bench());
  expect(await change(bench, 'heartbeatinterval', '60')).toEqual(accepted);
  expect(await change(bench, 'HeartbeatInterval', '-2')).toEqual(rejected);
  expect(await change(bench, 'LocalPreAuthorize', 'TRUE')).toEqual(accepted);
  expect(await change(bench, 'LocalPreAuthorize', 'banana')).toEqual(rejected);
  expect(await change(bench, 'NumberOfConnectors', '7')).toEqual(rejected);
  expect(await change(bench, 'Coffee', '1')).toEqual({ status: 'NotSupported' });
});

describe('takes effect at once', () => {
  test('HeartbeatInterval', async () => {
    using bench = await booted(new Bench());
    await change(bench, 'HeartbeatInterval', '10');
    await bench.clock.advance(30_000);
    expect(bench.csms.payloads('Heartbeat')).toHaveLength(3);
    await change(bench, 'HeartbeatInterval', '0');
    await bench.clock.advance(1_000_000);
    expect(bench.csms.payloads('Heartbeat')).toHaveLength(3);
  });

  test('MeterValueSampleInterval in a running transaction', async () => {
    using bench = await booted(new Bench());
    bench.begin();
    bench.read(110);
    await change(bench, 'MeterValueSampleInterval', '5');
    await bench.clock.advance(10_000);
    expect(bench.csms.payloads('MeterValues')).toHaveLength(2);
    await change(bench, 'MeterValueSampleInterval', '0');
    await bench.clock.advance(100_000);
    expect(bench.csms.payloads('MeterValues')).toHaveLength(2);
  });

  test('open-ocpp-2: ClockAlignedDataInterval, on the grid of the day', async () => {
    using bench = await booted(new Bench());
    bench.read(110);
    await bench.clock.advance(100_000);
    await change(bench, 'ClockAlignedDataInterval', '60');
    bench.csms.forget();
    await bench.clock.advance(60_000);
    const [only] = bench.csms.heard;
    expect(only?.frame[3]).toMatchObject({ meterValue: [{ sampledValue: [{ context: 'Sample.Clock' }] }] });
    expect(only?.atMs).toBe(120_000);
  });

  test('ConnectionTimeOut goes to the station, at the start and on change, as far as the bus can carry it', async () => {
    using bench = new Bench();
    await bench.start();
    await change(bench, 'ConnectionTimeOut', '30');
    expect(await change(bench, 'ConnectionTimeOut', '5')).toEqual(rejected);
    expect(await change(bench, 'ConnectionTimeOut', '301')).toEqual(rejected);
    expect(bench.station.calls('setConnectionTimeout')).toEqual([[10], [30]]);
  });

  test('WebSocketPingInterval', async () => {
    using bench = await booted(new Bench({ sections: { Core: { WebSocketPingInterval: 0 } } }));
    await change(bench, 'WebSocketPingInterval', '10');
    await bench.clock.advance(20_000);
    expect(bench.csms.pings).toHaveLength(2);
  });

  test('AuthorizationKey: answered, then another connection with the new password', async () => {
    using bench = await booted(new Bench({ sections: { Security: { SecurityProfile: 1 } } }));
    expect(await change(bench, 'AuthorizationKey', 'short')).toEqual(rejected);
    expect(await change(bench, 'AuthorizationKey', 'Zebra-Zebra-Zebra')).toEqual(accepted);
    await bench.clock.advance(3000);
    expect(bench.csms.dialled.map(({ basicAuth }) => basicAuth?.password)).toEqual([
      'AABBCCDDEEFFGGHH',
      'Zebra-Zebra-Zebra',
    ]);
    expect(bench.csms.connected).toBe(true);
    expect(await ask(bench, 'GetConfiguration', { key: ['AuthorizationKey'] })).toEqual({
      unknownKey: ['AuthorizationKey'],
    });
  });

  test('AuthorizationKey without basic authentication is only kept', async () => {
    using bench = await booted(new Bench());
    expect(await change(bench, 'AuthorizationKey', 'Zebra-Zebra-Zebra')).toEqual(accepted);
    await bench.clock.advance(10_000);
    expect(bench.csms.dialled).toHaveLength(1);
  });
});
