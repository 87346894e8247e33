import { describe, expect, test } from '@jest/globals';
import { Bench } from '../support/bench.ts';

/** When BootNotifications came, in seconds. */
function bootTimes({ csms }: Bench): number[] {
  return csms.heard.filter(({ frame }) => frame[2] === 'BootNotification').map(({ atMs }) => Math.round(atMs / 1000));
}

describe('accepted', () => {
  test('sets the time, keeps the interval, beats, and tells all statuses', async () => {
    using bench = new Bench({ connectors: 2 });
    await bench.start();
    expect(bench.csms.requests().map(([action]) => action)).toEqual([
      'BootNotification',
      'SecurityEventNotification',
      'StatusNotification',
      'StatusNotification',
      'StatusNotification',
    ]);
    expect(bench.csms.payloads('StatusNotification').map(({ connectorId }) => connectorId)).toEqual([0, 1, 2]);
    expect(bench.station.calls('setSystemTime')).toHaveLength(1);
    expect(bench.configuration.get('HeartbeatInterval')).toBe(300);
    bench.csms.forget();
    await bench.clock.advance(900_000);
    expect(bench.csms.requests().map(([action]) => action)).toEqual(['Heartbeat', 'Heartbeat', 'Heartbeat']);
    expect(bench.station.calls('setSystemTime')).toHaveLength(4);
  });

  test('interval 0 leaves the configured one alone', async () => {
    using bench = new Bench({ sections: { Core: { HeartbeatInterval: 100 } } });
    bench.csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: bench.csms.now(), interval: 0 }));
    await bench.start();
    await bench.clock.advance(200_000);
    expect(bench.csms.payloads('Heartbeat')).toHaveLength(2);
  });

  test('a reconnect needs no new boot, and refreshes the statuses', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.forget();
    bench.csms.drop();
    await bench.clock.advance(20_000);
    expect(bench.csms.requests().map(([action]) => action)).toEqual(['StatusNotification', 'StatusNotification']);
  });

  test.each([
    ['chargePointVendor', 'ChargePointVendor'],
    ['chargePointModel', 'ChargePointModel'],
    ['chargeBoxSerialNumber', 'ChargeBoxSerialNumber'],
    ['firmwareVersion', 'FirmwareVersion'],
    ['chargePointSerialNumber', 'ChargePointSerialNumber'],
    ['meterSerialNumber', 'MeterSerialNumber'],
    ['meterType', 'MeterType'],
    ['iccid', 'ICCID'],
    ['imsi', 'IMSI'],
  ])('says its %s as it is configured, or as it was handed in', async (field, key) => {
    for (const [identity, told] of [
      [{}, 'configured'],
      [{ [field]: 'handed in' }, 'handed in'],
    ] as const) {
      using bench = new Bench({ sections: { Internal: { [key]: 'configured' } }, options: { identity } });
      await bench.start();
      expect(bench.csms.payloads('BootNotification')).toMatchObject([{ [field]: told }]);
    }
  });

  test('carries what is configured, and what was handed in wins', async () => {
    using bench = new Bench({
      sections: { Internal: { ICCID: '8988', MeterType: 'AC' } },
      options: { identity: { chargePointModel: 'Other', meterSerialNumber: 'M1' } },
    });
    await bench.start();
    expect(bench.csms.payloads('BootNotification')).toEqual([
      {
        chargePointVendor: 'Pionix',
        chargePointModel: 'Other',
        chargeBoxSerialNumber: 'cp001',
        firmwareVersion: '0.1',
        iccid: '8988',
        meterType: 'AC',
        meterSerialNumber: 'M1',
      },
    ]);
  });
});

describe('pending', () => {
  test('libocpp-478, SAP-1374, ocpp-emulator-70: only BootNotification at its interval, requests are answered, remote start and stop refused', async () => {
    using bench = new Bench({ sections: { Core: { HeartbeatInterval: 2 } } });
    bench.csms.on('BootNotification', () => ({ status: 'Pending', currentTime: bench.csms.now(), interval: 5 }));
    await bench.start();
    await bench.clock.advance(10_000);
    expect(bench.csms.requests().map(([action]) => action)).toEqual(Array(3).fill('BootNotification'));
    expect(bootTimes(bench)).toEqual([0, 5, 10]);
    expect(bench.chargePoint.registration).toBe('Pending');
    expect(await bench.csms.call('GetConfiguration', { key: ['HeartbeatInterval'] })).toMatchObject([
      3,
      expect.anything(),
      {},
    ]);
    expect(await bench.csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '9' })).toMatchObject({
      2: { status: 'Accepted' },
    });
    expect(await bench.csms.call('RemoteStartTransaction', { idTag: 'A', connectorId: 1 })).toMatchObject({
      2: { status: 'Rejected' },
    });
    expect(await bench.csms.call('RemoteStopTransaction', { transactionId: 1 })).toMatchObject({
      2: { status: 'Rejected' },
    });
    bench.csms.forget();
    await bench.csms.call('TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 });
    await bench.clock.settle();
    expect(bench.csms.statuses(1)).toEqual(['Available']);
  });

  test('interval 0 means a minute', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', () => ({ status: 'Pending', currentTime: bench.csms.now(), interval: 0 }));
    await bench.start();
    await bench.clock.advance(121_000);
    expect(bootTimes(bench)).toEqual([0, 60, 120]);
  });

  test('a reconnect does not shorten the interval', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', () => ({ status: 'Pending', currentTime: bench.csms.now(), interval: 100 }));
    await bench.start();
    bench.csms.drop();
    await bench.clock.advance(99_000);
    expect(bootTimes(bench)).toEqual([0]);
    await bench.clock.advance(2000);
    expect(bootTimes(bench)).toEqual([0, 100]);
  });
});

describe('rejected', () => {
  test('asks again after the interval, and answers nothing meanwhile', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', (_: never, attempt) => ({
      status: attempt < 3 ? 'Rejected' : 'Accepted',
      currentTime: bench.csms.now(),
      interval: 20,
    }));
    await bench.start();
    bench.csms.send('[2,"a","GetConfiguration",{}]');
    bench.csms.send('[2,"b","Nonsense",{}]');
    bench.csms.send('oops');
    await bench.clock.advance(10_000);
    expect(bench.csms.heard.map(({ frame }) => frame[2])).toEqual(['BootNotification']);
    await bench.clock.advance(31_000);
    expect(bootTimes(bench)).toEqual([0, 20, 40]);
    expect(bench.chargePoint.registration).toBe('Accepted');
  });
});

describe('no answer', () => {
  test('libocpp-307: silence: sent again a minute after it was sent', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', (_: never, attempt) =>
      attempt === 1 ? 'silence' : { status: 'Accepted', currentTime: bench.csms.now(), interval: 300 },
    );
    await bench.start();
    bench.csms.send('[2,"a","GetConfiguration",{}]');
    await bench.clock.advance(30_000);
    expect(bench.csms.heard).toHaveLength(1);
    await bench.clock.advance(31_000);
    expect(bootTimes(bench)).toEqual([0, 60]);
    expect(bench.chargePoint.registration).toBe('Accepted');
  });

  test('a CALLERROR: sent again after a minute', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', { error: 'InternalError' });
    await bench.start();
    await bench.clock.advance(121_000);
    expect(bootTimes(bench)).toEqual([0, 60, 120]);
  });

  test('silence is borne for as long as it takes, and longer than a minute where the retry interval is longer', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageRetryInterval: 60 } } });
    bench.csms.on('BootNotification', 'silence');
    await bench.start();
    await bench.clock.advance(20 * 90_000 + 1000);
    expect(bootTimes(bench)).toHaveLength(21);
    expect(bootTimes(bench).slice(0, 3)).toEqual([0, 90, 180]);
  });

  test('the link breaks before the answer: sent again with the next link', async () => {
    using bench = new Bench();
    bench.csms.on('BootNotification', 'silence');
    await bench.start();
    bench.csms.drop();
    await bench.clock.advance(15_000);
    expect(bootTimes(bench)).toHaveLength(2);
  });

  test('EVerest-1987: it goes first, however full the queue was', async () => {
    using bench = new Bench({ sections: { Internal: { MessageQueueSizeThreshold: 10 } } });
    bench.csms.reachable = false;
    await bench.start();
    for (let count = 0; count < 20; count++) bench.chargePoint.securityEvent({ type: 'TamperDetectionActivated' });
    bench.csms.reachable = true;
    await bench.clock.advance(20_000);
    expect(bench.csms.requests()[0]?.[0]).toBe('BootNotification');
    expect(bench.csms.payloads('SecurityEventNotification')).toHaveLength(21);
  });
});

test('triggered while accepted: its answer counts as at a boot', async () => {
  using bench = new Bench();
  await bench.start();
  bench.csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: bench.csms.now(), interval: 7 }));
  bench.csms.forget();
  await bench.csms.call('TriggerMessage', { requestedMessage: 'BootNotification' });
  await bench.clock.advance(8000);
  expect(bench.csms.requests().map(([action]) => action)).toEqual([
    'BootNotification',
    'StatusNotification',
    'StatusNotification',
    'Heartbeat',
  ]);
});
