import { describe, expect, test } from '@jest/globals';
import { booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const all = { Internal: { QueueAllMessages: true } };

describe('QueueAllMessages', () => {
  test('switched off, what an earlier run has kept is forgotten', async () => {
    using bench = new Bench();
    bench.store.exec(`INSERT INTO NORMAL_QUEUE (ACTION, PAYLOAD) VALUES ('DataTransfer', '{"vendorId":"x"}')`);
    await bench.start();
    expect(bench.csms.payloads('DataTransfer')).toEqual([]);
    expect(bench.row('SELECT COUNT(*) AS COUNT FROM NORMAL_QUEUE')).toEqual({ COUNT: 0 });
  });

  test('what is kept is sent again where it is refused, as often as a message of a transaction, and then dropped', async () => {
    using bench = await booted(new Bench({ sections: { ...all, Core: { TransactionMessageAttempts: 3 } } }));
    bench.csms.on('StatusNotification', { error: 'InternalError' });
    bench.chargePoint.disabled(1);
    await bench.clock.advance(60_000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable', 'Unavailable', 'Unavailable']);
    expect(bench.chargePoint.queued().normal).toBe(0);
    expect(bench.chargePoint.undeliverable()).toEqual([]);
  });

  test('what was in flight when the link broke goes out again', async () => {
    using bench = await booted(new Bench({ sections: all }));
    bench.csms.on('StatusNotification', 'silence');
    bench.chargePoint.disabled(1);
    await bench.clock.advance(1000);
    bench.csms.drop();
    bench.csms.on('StatusNotification', {});
    bench.csms.forget();
    await bench.clock.advance(20_000);
    // Once more as it was queued, and once as the state that is told after each reconnect.
    expect(bench.csms.statuses(1)).toEqual(['Unavailable', 'Unavailable']);
  });
});

describe('QueueAllMessages on a disk that takes nothing', () => {
  test.each(['INSERT', 'DELETE'])('%s: a heartbeat ends nothing, and others follow', async (write) => {
    using bench = await booted(new Bench({ sections: all }));
    bench.csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: bench.csms.now(), interval: 10 }));
    await bench.csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '10' });
    bench.store.exec(`CREATE TRIGGER FULL BEFORE ${write} ON NORMAL_QUEUE BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    bench.csms.forget();
    await bench.clock.advance(35_000);
    expect(bench.csms.payloads('Heartbeat')).toHaveLength(3);
    bench.store.exec('DROP TRIGGER FULL');
    await bench.clock.advance(30_000);
    expect(bench.csms.payloads('Heartbeat')).toHaveLength(6);
  });
});

describe('without it', () => {
  test('a message that is refused or not answered is not sent again', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('StatusNotification', { error: 'InternalError' });
    bench.chargePoint.disabled(1);
    await bench.clock.advance(60_000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
    bench.csms.on('StatusNotification', 'silence');
    bench.chargePoint.enabled(1);
    await bench.clock.advance(600_000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable', 'Available']);
  });

  test('whoever waits for an answer hears at once that there is no link, and that it broke', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('DataTransfer', 'silence');
    const asked = bench.chargePoint.dataTransfer({ vendorId: 'x' });
    await bench.clock.advance(1000);
    bench.csms.drop();
    expect(await asked).toEqual({ status: 'Offline' });
    expect(await bench.chargePoint.dataTransfer({ vendorId: 'x' })).toEqual({ status: 'Offline' });
  });
});
