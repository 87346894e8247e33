import { expect, test } from '@jest/globals';
import { booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

/** Answers the boot with this interval for heartbeats. */
function station(intervalS: number, sections = {}): Bench {
  const bench = new Bench({ sections });
  bench.csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: bench.csms.now(), interval: intervalS }));
  return bench;
}

test('comes at its interval, whatever else is sent', async () => {
  using bench = await booted(station(10, { Core: { MeterValueSampleInterval: 3 } }));
  bench.begin();
  for (let count = 1; count <= 20; count++) {
    bench.read(100 + count);
    await bench.clock.advance(3_000);
  }
  expect(bench.csms.payloads('MeterValues').length).toBeGreaterThan(18);
  expect(bench.csms.payloads('Heartbeat')).toHaveLength(6);
});

test.each(['silence', { error: 'InternalError' }] as const)('%j: not sent again before its next time', async (how) => {
  using bench = await booted(station(100));
  bench.csms.on('Heartbeat', how);
  await bench.clock.advance(199_000);
  expect(bench.csms.payloads('Heartbeat')).toHaveLength(1);
  await bench.clock.advance(2_000);
  expect(bench.csms.payloads('Heartbeat')).toHaveLength(2);
});

test('an interval of 0 stops them, another one lets them begin again', async () => {
  using bench = await booted(station(10));
  await bench.clock.advance(10_000);
  await bench.csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '0' });
  bench.csms.forget();
  await bench.clock.advance(100_000);
  expect(bench.csms.payloads('Heartbeat')).toEqual([]);
  await bench.csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '20' });
  await bench.clock.advance(40_000);
  expect(bench.csms.payloads('Heartbeat')).toHaveLength(2);
});

test('a new interval begins nothing before the CSMS has accepted the station', async () => {
  using bench = new Bench();
  bench.csms.on('BootNotification', () => ({ status: 'Pending', currentTime: bench.csms.now(), interval: 1000 }));
  await bench.start();
  await bench.csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '5' });
  await bench.clock.advance(60_000);
  expect(bench.csms.payloads('Heartbeat')).toEqual([]);
});

test('a CSMS that is silent is sent no second one while the first waits', async () => {
  using bench = await booted(station(10));
  bench.csms.on('Heartbeat', 'silence');
  await bench.clock.advance(100_000);
  bench.csms.on('Heartbeat', () => ({ currentTime: bench.csms.now() }));
  bench.csms.forget();
  await bench.clock.advance(40_000);
  // When the silent one has been given up they come again.
  expect(bench.csms.payloads('Heartbeat').length).toBeGreaterThan(0);
  expect(bench.csms.payloads('Heartbeat').length).toBeLessThanOrEqual(4);
});

test('without a link none gathers', async () => {
  using bench = await booted(station(10));
  bench.csms.drop();
  bench.csms.reachable = false;
  await bench.clock.advance(100_000);
  bench.csms.reachable = true;
  await bench.clock.advanceUntil(() => bench.csms.connected);
  await bench.clock.advance(1);
  expect(bench.csms.payloads('Heartbeat').length).toBeLessThan(2);
});
