import { describe, expect, test } from '@jest/globals';
import type { UndeliverableMessage } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';

const transactional = ['StartTransaction', 'MeterValues', 'StopTransaction'];

describe('attempts', () => {
  test('libocpp-688: a refused start is sent again, spaced by its attempts, and the answer to the retry binds its id', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageRetryInterval: 10 } } });
    await bench.start();
    bench.csms.on('StartTransaction', (_: never, attempt) =>
      attempt < 3 ? { error: 'InternalError' } : { transactionId: 8, idTagInfo: { status: 'Accepted' } },
    );
    const startMs = bench.clock.monotonicMs();
    bench.end(bench.begin());
    await bench.clock.advance(60_000);
    const times = bench.csms.heard
      .filter(({ frame }) => frame[2] === 'StartTransaction')
      .map(({ atMs }) => atMs - startMs);
    expect(times.map((ms) => Math.round(ms / 1000))).toEqual([0, 10, 30]);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 8 }]);
  });

  test('silence on a live link is an attempt', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 2 } } });
    await bench.start();
    bench.csms.on('StartTransaction', 'silence');
    bench.begin();
    await bench.clock.advance(120_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
    expect(bench.chargePoint.undeliverable()).toMatchObject([
      { action: 'StartTransaction', attempts: 2, error: 'no answer in time' },
    ]);
  });

  test('the loss of the link is none', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 2 } } });
    await bench.start();
    bench.csms.on('StartTransaction', (_: never, attempt) => {
      if (attempt <= 3) return 'silence';
      return attempt === 4 ? { error: 'InternalError' } : { transactionId: 1, idTagInfo: { status: 'Accepted' } };
    });
    bench.begin();
    for (let count = 0; count < 3; count++) {
      await bench.clock.advance(20_000);
      bench.csms.drop();
    }
    await bench.clock.advance(60_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(5);
    expect(bench.chargePoint.undeliverable()).toEqual([]);
  });

  test('survive a restart', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 3 } } });
    await bench.start();
    bench.csms.on('StopTransaction', { error: 'InternalError' });
    bench.end(bench.begin());
    await bench.clock.advance(1100);
    expect(bench.csms.payloads('StopTransaction')).toHaveLength(2);
    bench.kill();
    await bench.start();
    await bench.clock.advance(30_000);
    expect(bench.csms.payloads('StopTransaction')).toHaveLength(3);
  });

  test('0 attempts are one', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 0 } } });
    await bench.start();
    bench.csms.on('StartTransaction', { error: 'InternalError' });
    bench.begin();
    await bench.clock.advance(60_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
  });

  test('of two answers with two ids the first that comes counts', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('StartTransaction', 'silence');
    const id = bench.begin();
    await bench.clock.advance(32_000);
    const [first, second] = bench.csms.heard.filter(({ frame }) => frame[2] === 'StartTransaction');
    bench.csms.send(`[3,"${first?.frame[1]}",{"transactionId":11,"idTagInfo":{"status":"Accepted"}}]`);
    bench.csms.send(`[3,"${second?.frame[1]}",{"transactionId":22,"idTagInfo":{"status":"Accepted"}}]`);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 11 }]);
  });
});

describe('undeliverable', () => {
  test('steve-156: what is refused for good makes room for the next, is kept, told, and a stop is a security event', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 2 } } });
    await bench.start();
    const told: UndeliverableMessage[] = [];
    bench.chargePoint.on('undeliverable', (message) => told.push(message));
    bench.csms.on('StopTransaction', { error: 'InternalError' });
    bench.end(bench.begin());
    bench.begin();
    await bench.clock.advance(20_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
    expect(told).toMatchObject([{ action: 'StopTransaction', attempts: 2, payload: { transactionId: 1 } }]);
    expect(bench.chargePoint.undeliverable()).toHaveLength(1);
    expect(bench.csms.payloads('SecurityEventNotification').at(-1)).toMatchObject({ type: 'InvalidMessages' });
    expect(bench.row('SELECT STOP_STATE FROM TRANSACTIONS')).toEqual({ STOP_STATE: 'failed' });
  });

  test('sent again by hand it reaches the CSMS', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 1 } } });
    await bench.start();
    bench.csms.on('StopTransaction', { error: 'InternalError' });
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    const [message] = bench.chargePoint.undeliverable();
    bench.csms.on('StopTransaction', {});
    expect(message).toMatchObject({ connectorId: 1, sessionId: 'session-1' });
    const ids = [message?.id ?? -1];
    expect(bench.chargePoint.resendUndeliverable(ids)).toEqual(ids);
    expect(bench.row('SELECT STOP_STATE FROM TRANSACTIONS')).toEqual({ STOP_STATE: 'queued' });
    expect(bench.chargePoint.resendUndeliverable(ids)).toEqual([]);
    await bench.clock.advance(1000);
    const [first, second] = bench.csms.payloads('StopTransaction');
    expect(second).toEqual(first);
    expect(bench.chargePoint.undeliverable()).toEqual([]);
    expect(bench.row('SELECT STOP_STATE FROM TRANSACTIONS')).toEqual({ STOP_STATE: 'answered' });
  });

  test('the rest of a transaction whose start failed for good is still told, without an id that is not there', async () => {
    using bench = new Bench({
      sections: { Core: { TransactionMessageAttempts: 1, MeterValueSampleInterval: 10 } },
    });
    await bench.start();
    bench.csms.on('StartTransaction', { error: 'InternalError' });
    const id = bench.begin();
    bench.read(110);
    await bench.clock.advance(10_000);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('MeterValues')[0]).not.toHaveProperty('transactionId');
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: -1 }]);
    expect(bench.csms.payloads('StopTransaction')[0]?.transactionId).not.toBe(
      bench.row('SELECT LEDGER_ID FROM TRANSACTIONS').LEDGER_ID,
    );
  });
});

/** What the CSMS was told of transactions, in short. */
function told({ csms }: Bench): string[] {
  return csms
    .requests(...transactional)
    .map(([action, { transactionId }]) => (transactionId === undefined ? action : `${action} ${transactionId}`));
}

describe('sent again by hand', () => {
  /** Every message of one whole transaction was refused for good. */
  async function allRefused(): Promise<Bench> {
    const bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 1, MeterValueSampleInterval: 10 } } });
    await bench.start();
    for (const action of transactional) bench.csms.on(action, { error: 'InternalError' });
    const id = bench.begin();
    bench.read(110);
    await bench.clock.advance(10_000);
    bench.end(id);
    await bench.clock.advance(1000);
    bench.csms.on('StartTransaction', { transactionId: 7, idTagInfo: { status: 'Accepted' } });
    bench.csms.on('MeterValues', {});
    bench.csms.on('StopTransaction', {});
    bench.csms.forget();
    return bench;
  }

  const idsOf = (bench: Bench): number[] => bench.chargePoint.undeliverable().map(({ id }) => id);

  test('a whole transaction goes out in its order, with the id that it gets now', async () => {
    using bench = await allRefused();
    expect(bench.chargePoint.undeliverable().map(({ action }) => action)).toEqual(transactional);
    bench.chargePoint.resendUndeliverable(idsOf(bench));
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'MeterValues 7', 'StopTransaction 7']);
    expect(bench.row('SELECT START_STATE, STOP_STATE FROM TRANSACTIONS')).toEqual({
      START_STATE: 'answered',
      STOP_STATE: 'answered',
    });
  });

  test('away from the CSMS it waits, and does over a restart', async () => {
    using bench = await allRefused();
    bench.csms.drop();
    bench.csms.reachable = false;
    bench.chargePoint.resendUndeliverable(idsOf(bench));
    await bench.clock.advance(20_000);
    expect(bench.chargePoint.queued().transaction).toBe(3);
    bench.kill();
    bench.csms.reachable = true;
    await bench.start();
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'MeterValues 7', 'StopTransaction 7']);
  });

  test('a start goes ahead of what follows from it, in whatever order they were sent again', async () => {
    using bench = await allRefused();
    bench.csms.drop();
    const [start, values, stop] = idsOf(bench);
    bench.chargePoint.resendUndeliverable([stop ?? -1]);
    bench.chargePoint.resendUndeliverable([start ?? -1]);
    bench.chargePoint.resendUndeliverable([values ?? -1]);
    await bench.clock.advance(30_000);
    expect(told(bench)).toEqual(['StartTransaction', 'MeterValues 7', 'StopTransaction 7']);
    expect(bench.chargePoint.queued().transaction).toBe(0);
  });

  test('a start whose stop the CSMS took without an id is stopped under its id', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageAttempts: 1 } } });
    await bench.start();
    bench.csms.on('StartTransaction', { error: 'InternalError' });
    bench.end(bench.begin(), 1, { meterStopWh: 321, reason: 'Remote' });
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction -1']);
    bench.csms.on('StartTransaction', { transactionId: 7, idTagInfo: { status: 'Accepted' } });
    bench.csms.forget();
    bench.chargePoint.resendUndeliverable(idsOf(bench));
    await bench.clock.advance(1000);
    expect(told(bench)).toEqual(['StartTransaction', 'StopTransaction 7']);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ meterStop: 321, reason: 'Remote', idTag: 'TAG1' }]);
  });

  test('what the CSMS refuses again is undeliverable again', async () => {
    using bench = await allRefused();
    bench.csms.on('StopTransaction', { error: 'InternalError' });
    bench.chargePoint.resendUndeliverable(idsOf(bench));
    await bench.clock.advance(1000);
    expect(bench.chargePoint.undeliverable()).toMatchObject([{ action: 'StopTransaction', attempts: 1 }]);
    expect(bench.row('SELECT STOP_STATE FROM TRANSACTIONS')).toEqual({ STOP_STATE: 'failed' });
  });
});

describe('the wire', () => {
  test('one request at a time, both classes in the order in which they came', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.forget();
    bench.csms.delayMs = 100;
    bench.begin();
    await bench.clock.advance(50);
    expect(bench.csms.requests().map(([action]) => action)).toEqual(['StatusNotification']);
    await bench.clock.advance(300);
    expect(bench.csms.requests().map(([action, { status }]) => status ?? action)).toEqual([
      'Preparing',
      'StartTransaction',
      'Charging',
    ]);
  });

  test('a normal message does not wait for a transaction message that is to be sent again later', async () => {
    using bench = new Bench({ sections: { Core: { TransactionMessageRetryInterval: 100 } } });
    await bench.start();
    bench.csms.on('StartTransaction', { error: 'InternalError' });
    bench.begin();
    await bench.clock.advance(1000);
    expect(bench.csms.statuses(1).at(-1)).toBe('Charging');
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
  });

  test('requests of the CSMS are answered while our own is in flight', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('Authorize', 'silence');
    void bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(1);
    expect(await bench.csms.call('ClearCache', {})).toMatchObject({ 2: { status: 'Accepted' } });
  });

  test('no own request goes out before the answer to one of the CSMS', async () => {
    using bench = new Bench();
    await bench.start();
    const unlock = Promise.withResolvers<'Unlocked'>();
    bench.station.unlockConnector = () => unlock.promise;
    bench.csms.forget();
    const answer = bench.csms.call('UnlockConnector', { connectorId: 1 });
    bench.begin();
    await bench.clock.advance(1000);
    expect(bench.csms.heard).toEqual([]);
    unlock.resolve('Unlocked');
    await answer;
    await bench.clock.advance(1000);
    expect(bench.csms.heard[0]?.frame[0]).toBe(3);
    expect(bench.csms.requests().length).toBeGreaterThan(0);
  });

  test('a handler that hangs does not hold own requests back for ever', async () => {
    using bench = new Bench();
    await bench.start();
    bench.station.unlockConnector = () => new Promise(() => {});
    void bench.csms.call('UnlockConnector', { connectorId: 1 });
    bench.begin();
    await bench.clock.advance(31_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
  });

  test('an answer never goes out on another connection than its request came in on', async () => {
    using bench = new Bench();
    await bench.start();
    const unlock = Promise.withResolvers<'Unlocked'>();
    bench.station.unlockConnector = () => unlock.promise;
    void bench.csms.call('UnlockConnector', { connectorId: 1 });
    await bench.clock.advance(1);
    bench.csms.drop();
    await bench.clock.advance(20_000);
    bench.csms.forget();
    unlock.resolve('Unlocked');
    await bench.clock.advance(1000);
    expect(bench.csms.heard).toEqual([]);
    bench.begin();
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
  });
});

describe('offline', () => {
  test('normal messages are dropped, and the state is told anew', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.drop();
    bench.csms.forget();
    bench.chargePoint.disabled(1);
    bench.chargePoint.enabled(1);
    bench.chargePoint.disabled(1);
    await bench.clock.advance(20_000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable']);
  });

  test('QueueAllMessages keeps them, but for those that it names, over a restart too', async () => {
    using bench = new Bench({
      sections: { Internal: { QueueAllMessages: true, MessageTypesDiscardForQueueing: 'Heartbeat, Authorize' } },
    });
    await bench.start();
    bench.csms.drop();
    bench.csms.reachable = false;
    bench.csms.forget();
    bench.chargePoint.disabled(1);
    bench.chargePoint.enabled(1);
    await bench.clock.advance(700_000);
    bench.kill();
    bench.csms.reachable = true;
    await bench.start();
    await bench.clock.advance(1000);
    expect(bench.csms.statuses(1)).toEqual(['Unavailable', 'Available', 'Available']);
    expect(bench.csms.payloads('Heartbeat')).toEqual([]);
    expect(bench.chargePoint.queued()).toEqual({ transaction: 0, normal: 0 });
  });

  test('a kept message that is to be sent again does not wait for one of a transaction that is due later', async () => {
    using bench = new Bench({
      sections: { Core: { TransactionMessageRetryInterval: 20 }, Internal: { QueueAllMessages: true } },
    });
    await bench.start();
    bench.csms.on('StatusNotification', (_: never, attempt) => (attempt === 1 ? { error: 'InternalError' } : {}));
    bench.chargePoint.disabled(1);
    await bench.clock.advance(15_000);
    bench.csms.on('StartTransaction', { error: 'InternalError' });
    bench.begin();
    bench.csms.forget();
    await bench.clock.advance(5_500);
    expect(bench.csms.statuses(1)).toContain('Unavailable');
  });

  test('MessageQueueResumeDelay holds the queue back after a reconnect, not at first', async () => {
    using bench = new Bench({ options: { messageQueueResumeDelayS: 5 } });
    await bench.start();
    expect(bench.csms.requests().length).toBeGreaterThan(1);
    bench.csms.drop();
    bench.begin();
    bench.csms.forget();
    expect(await bench.clock.advanceUntil(() => bench.csms.connected)).toBe(true);
    await bench.clock.advance(4990);
    expect(bench.csms.heard).toEqual([]);
    await bench.clock.advance(20);
    expect(bench.csms.requests().map(([action]) => action)).toEqual([
      'StartTransaction',
      'StatusNotification',
      'StatusNotification',
    ]);
  });

  test('a full queue is thinned: meter values by halves, never the last; starts and stops stay', async () => {
    using bench = new Bench({
      sections: { Core: { MeterValueSampleInterval: 1 }, Internal: { MessageQueueSizeThreshold: 20 } },
    });
    await bench.start();
    bench.csms.drop();
    bench.csms.reachable = false;
    const id = bench.begin();
    for (let count = 1; count <= 60; count++) {
      bench.read(100 + count);
      await bench.clock.advance(1000);
    }
    bench.end(id);
    expect(bench.chargePoint.queued().transaction).toBeLessThanOrEqual(20);
    bench.csms.reachable = true;
    bench.csms.forget();
    await bench.clock.advance(60_000);
    const actions = bench.csms.requests(...transactional).map(([action]) => action);
    expect(actions[0]).toBe('StartTransaction');
    expect(actions.at(-1)).toBe('StopTransaction');
    expect(actions.length).toBeGreaterThan(8);
    const last = bench.csms.payloads('MeterValues').at(-1)?.meterValue;
    expect(last).toMatchObject([{ sampledValue: [{ value: '160.00' }] }]);
  });

  test('a full queue keeps what is in flight', async () => {
    using bench = new Bench({
      sections: { Core: { MeterValueSampleInterval: 1 }, Internal: { MessageQueueSizeThreshold: 20 } },
    });
    await bench.start();
    bench.csms.on('MeterValues', (_: never, attempt) => (attempt === 1 ? 'silence' : {}));
    const id = bench.begin();
    for (let count = 1; count <= 29; count++) {
      bench.read(100 + count);
      await bench.clock.advance(1000);
    }
    const [first] = bench.csms.payloads('MeterValues');
    expect(bench.chargePoint.queued().transaction).toBeLessThanOrEqual(20);
    bench.end(id);
    await bench.clock.advance(120_000);
    expect(bench.csms.payloads('MeterValues')[1]).toEqual(first);
  });
});
