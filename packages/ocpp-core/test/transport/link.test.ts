import { SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Link, type LinkParts } from '../../src/transport/link.ts';
import type { TransportClosed } from '../../src/transport/transport.ts';
import { FakeCsms } from '../support/fake-csms.ts';

function build(more: Partial<LinkParts> = {}): {
  clock: VirtualClock;
  csms: FakeCsms;
  link: Link;
  events: string[];
  whys: TransportClosed[];
} {
  const clock = new VirtualClock();
  const csms = new FakeCsms(clock);
  const events: string[] = [];
  const whys: TransportClosed[] = [];
  const link = new Link({
    clock,
    random: new SeededRandom(1),
    log: silentLogger,
    transport: csms,
    options: () => ({ url: 'ws://csms.example/cp001', headers: {} }),
    backOff: () => ({ waitMinimumS: 3, randomRangeS: 0, repeatTimes: 2 }),
    ping: () => ({ intervalS: 0, payload: 'hello', pongTimeoutS: 5 }),
    up: () => events.push('up'),
    down: (why, wasUp) => {
      events.push(wasUp ? 'down' : 'failed');
      whys.push(why);
    },
    received: (text) => events.push(text),
    ...more,
  });
  return { clock, csms, link, events, whys };
}

describe('dialling', () => {
  test('connects once, however often it is asked', async () => {
    const { clock, csms, link, events } = build();
    link.connect();
    link.connect();
    await clock.advance(1);
    link.connect();
    await clock.advance(60_000);
    expect(csms.dialled).toHaveLength(1);
    expect(events).toEqual(['up']);
    expect(link.up).toBe(true);
  });

  test('dials an unreachable CSMS again, by the back-off', async () => {
    const { clock, csms, link, events } = build();
    csms.reachable = false;
    link.connect();
    await clock.advance(3000 + 6000 + 12_000 + 12_000);
    expect(csms.dialled).toHaveLength(5);
    csms.reachable = true;
    await clock.advance(12_000);
    expect(events).toEqual(['failed', 'failed', 'failed', 'failed', 'failed', 'up']);
  });

  test('begins the back-off anew after a connection', async () => {
    const { clock, csms, link } = build();
    csms.reachable = false;
    link.connect();
    await clock.advance(9001);
    csms.reachable = true;
    await clock.advance(12_000);
    csms.drop();
    await clock.advance(2999);
    expect(link.up).toBe(false);
    await clock.advance(2);
    expect(link.up).toBe(true);
  });

  test('dials again after a while where the options cannot be made, and says why', async () => {
    let good = false;
    const { clock, csms, link, whys } = build({
      options: () => {
        if (!good) throw new Error('CentralSystemURI is empty');
        return { url: 'ws://csms.example/cp001', headers: {} };
      },
    });
    link.connect();
    await clock.advance(1999);
    expect(whys).toEqual([{ reason: 'CentralSystemURI is empty' }]);
    good = true;
    await clock.advance(2);
    expect(csms.dialled).toHaveLength(1);
  });

  test('gives up an upgrade that is never answered, but not one that takes seconds', async () => {
    const terminated: number[] = [];
    const { clock, link } = build({
      transport: {
        open: (_, listener) => ({
          send: () => {},
          ping: () => {},
          close: () => {},
          terminate: () => {
            terminated.push(1);
            listener.closed({ reason: 'terminated' });
          },
        }),
      },
    });
    link.connect();
    await clock.advance(30_000);
    expect(terminated).toHaveLength(0);
    await clock.advance(31_000);
    expect(terminated).toHaveLength(1);
  });
});

describe('closing', () => {
  test('stays closed after a disconnect, whenever that comes', async () => {
    const { clock, csms, link } = build();
    link.connect();
    link.disconnect('early');
    await clock.advance(60_000);
    link.connect();
    await clock.advance(1);
    expect(link.up).toBe(true);
    link.disconnect('late');
    await clock.advance(60_000);
    csms.reachable = false;
    link.connect();
    await clock.advance(1);
    link.disconnect('between attempts');
    await clock.advance(60_000);
    expect(csms.dialled).toHaveLength(3);
    expect(link.up).toBe(false);
  });

  test('a redial waits two seconds', async () => {
    const { clock, csms, link } = build();
    link.connect();
    await clock.advance(1);
    link.redial('a new key');
    await clock.advance(1999);
    expect(csms.dialled).toHaveLength(1);
    await clock.advance(2);
    expect(csms.dialled).toHaveLength(2);
    expect(link.up).toBe(true);
  });

  test('a text for a closed link is dropped', async () => {
    const { csms, link } = build();
    link.send('lost');
    expect(csms.heard).toEqual([]);
  });
});

describe('pings', () => {
  test('go out at their interval, live', async () => {
    let intervalS = 10;
    const { clock, csms, link } = build({ ping: () => ({ intervalS, payload: 'hello', pongTimeoutS: 5 }) });
    link.connect();
    await clock.advance(30_001);
    expect(csms.pings).toEqual(['hello', 'hello', 'hello']);
    intervalS = 0;
    link.pingChanged();
    await clock.advance(60_000);
    expect(csms.pings).toHaveLength(3);
  });

  test('a pong that stays away ends the connection, and another one begins', async () => {
    const { clock, csms, link, events } = build({ ping: () => ({ intervalS: 10, payload: '', pongTimeoutS: 5 }) });
    csms.pongs = false;
    link.connect();
    await clock.advance(14_999);
    expect(link.up).toBe(true);
    await clock.advance(2);
    expect(events).toEqual(['up', 'down']);
    csms.pongs = true;
    await clock.advance(2990); // the back-off: many stations may have lost the same CSMS
    expect(events).toEqual(['up', 'down']);
    await clock.advance(11);
    expect(events).toEqual(['up', 'down', 'up']);
    await clock.advance(60_000);
    expect(link.up).toBe(true);
  });
});
