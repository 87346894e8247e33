import { describe, expect, test } from '@jest/globals';
import type { BootReason } from '../../src/index.ts';
import { booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

describe('the start', () => {
  test.each([
    ['PowerUp', 'StartupOfTheDevice'],
    ['Watchdog', 'StartupOfTheDevice'],
    ['RemoteReset', 'ResetOrReboot'],
    ['ScheduledReset', 'ResetOrReboot'],
    ['FirmwareUpdate', 'FirmwareUpdated'],
  ] as [BootReason, string][])('%s is %s', async (reason, type) => {
    using bench = new Bench();
    bench.chargePoint.start(reason);
    await bench.clock.advance(1);
    expect(bench.csms.payloads('SecurityEventNotification')).toMatchObject([{ type, techInfo: expect.any(String) }]);
  });

  test('has its own time, however late it is told', async () => {
    using bench = new Bench();
    bench.csms.reachable = false;
    await bench.start();
    bench.csms.reachable = true;
    await bench.clock.advance(60_000);
    expect(bench.csms.payloads('SecurityEventNotification')).toMatchObject([{ timestamp: '2026-01-01T00:00:00.000Z' }]);
  });
});

describe('events of the station', () => {
  test('libocpp-680, libocpp-1046, libocpp-1061: are sent where they are critical, by their type or by word, under the names of 1.6', async () => {
    using bench = await booted(new Bench());
    const told: unknown[] = [];
    bench.chargePoint.on('securityEvent', (event) => told.push(event));
    bench.chargePoint.securityEvent({ type: 'TamperDetectionActivated', info: 'i'.repeat(300) });
    bench.chargePoint.securityEvent({ type: 'InvalidTLSVersion' });
    bench.chargePoint.securityEvent({ type: 'InvalidCsmsCertificate', critical: true, timestampMs: 0 });
    bench.chargePoint.securityEvent({ type: 'MemoryExhaustion', critical: false });
    await bench.clock.advance(1);
    expect(bench.csms.payloads('SecurityEventNotification')).toEqual([
      { type: 'TamperDetectionActivated', timestamp: expect.any(String), techInfo: 'i'.repeat(255) },
      { type: 'InvalidCentralSystemCertificate', timestamp: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(told).toEqual([]);
  });

  test('one that the disk does not take breaks nothing, and is told once it does', async () => {
    using bench = await booted(new Bench());
    bench.store.exec('PRAGMA query_only = ON');
    bench.chargePoint.securityEvent({ type: 'TamperDetectionActivated' });
    await bench.clock.advance(5_000);
    expect(bench.csms.payloads('SecurityEventNotification')).toEqual([]);
    bench.store.exec('PRAGMA query_only = OFF');
    await bench.clock.advance(1_000);
    expect(bench.csms.payloads('SecurityEventNotification')).toMatchObject([{ type: 'TamperDetectionActivated' }]);
  });

  test('a request that cannot be read is told without the password in it', async () => {
    using bench = await booted(new Bench());
    const told: { type: string; info?: string }[] = [];
    bench.chargePoint.on('securityEvent', (event) => told.push(event));
    bench.csms.send('[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":1234567890123456}]');
    await bench.clock.advance(1);
    expect(told).toMatchObject([{ type: 'InvalidMessages', info: expect.stringContaining('AuthorizationKey') }]);
    expect(told[0]?.info).not.toContain('1234567890123456');
  });

  test.each(['NotImplemented', 'NotSupported'])(
    'libocpp-460: a CSMS that knows none (%s) is not asked twice, and its transactions do not wait for that',
    async (error) => {
      using bench = new Bench({ sections: { Core: { TransactionMessageRetryInterval: 100 } } });
      bench.csms.on('SecurityEventNotification', { error });
      await bench.start();
      bench.begin();
      await bench.clock.advance(1000);
      expect(bench.csms.payloads('SecurityEventNotification')).toHaveLength(1);
      expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
      expect(bench.chargePoint.undeliverable()).toEqual([]);
      expect(bench.chargePoint.queued().transaction).toBe(0);
    },
  );

  test('are not sent where DisableSecurityEventNotifications says so; those that wait go at the next start', async () => {
    using bench = new Bench({ sections: { Security: { DisableSecurityEventNotifications: true } } });
    bench.store.exec("INSERT INTO TRANSACTION_QUEUE (ACTION, PAYLOAD) VALUES ('SecurityEventNotification', '{}')");
    await bench.start();
    bench.chargePoint.securityEvent({ type: 'TamperDetectionActivated' });
    await bench.clock.advance(1);
    expect(bench.csms.payloads('SecurityEventNotification')).toEqual([]);
    expect(bench.chargePoint.queued().transaction).toBe(0);
  });
});
