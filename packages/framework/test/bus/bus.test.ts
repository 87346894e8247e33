import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import {
  type Bus,
  type BusMessage,
  EmbeddedBroker,
  type LastWill,
  MemoryBroker,
  MqttBus,
  tcpStream,
} from '@chargemesh/framework';
import { afterEach, describe, expect, test } from '@jest/globals';

const clock = new RealClock();
const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Connect = (will?: LastWill) => Promise<Bus>;

async function embedded(): Promise<EmbeddedBroker> {
  const broker = await EmbeddedBroker.start();
  cleanUps.push(() => broker.close());
  return broker;
}

function mqtt(open: () => ReturnType<typeof tcpStream>, version: 'auto' | '3.1.1', will?: LastWill): Promise<MqttBus> {
  const options = { open, version, broker: 'the test', clock, random: systemRandom, log: silentLogger };
  return MqttBus.connect({ ...options, ...(will && { will }) });
}

function closing(connect: Connect): Connect {
  return async (will) => {
    const bus = await connect(will);
    cleanUps.push(() => bus.close());
    return bus;
  };
}

const kinds: [string, () => Promise<Connect>][] = [
  [
    'memory',
    async () => {
      const broker = new MemoryBroker();
      return async (will) => broker.connect(will && { will });
    },
  ],
  [
    'the embedded broker by a stream',
    async () => {
      const broker = await embedded();
      return (will) => mqtt(() => broker.openStream() as ReturnType<typeof tcpStream>, '3.1.1', will);
    },
  ],
  [
    'the embedded broker by TCP',
    async () => {
      const broker = await embedded();
      return (will) => mqtt(() => tcpStream('127.0.0.1', broker.port), 'auto', will);
    },
  ],
];

/** Collects messages and waits for a number of them. */
class Inbox {
  readonly messages: BusMessage[] = [];
  #wake: () => void = () => {};

  readonly take = (message: BusMessage): void => {
    this.messages.push(message);
    this.#wake();
  };

  async until(count: number): Promise<BusMessage[]> {
    while (this.messages.length < count)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.messages;
  }
}

describe.each(kinds)('a bus on %s', (_name, start) => {
  test('delivers in order, to exact topics and patterns', async () => {
    const connect = closing(await start());
    const [a, b] = [await connect(), await connect()];
    const inbox = new Inbox();
    await a.subscribe(['x/1', 'y/+'], inbox.take);
    for (const [topic, payload] of [
      ['x/1', 'one'],
      ['y/2', 'two'],
      ['z', 'lost'],
      ['x/1', 'three'],
    ] as const)
      await b.publish(topic, payload);
    expect((await inbox.until(3)).map(({ payload }) => payload)).toEqual(['one', 'two', 'three']);
  });

  test('loses nothing of what is said in one breath, kept or not, in whatever quality', async () => {
    const connect = closing(await start());
    const [listener, ...speakers] = [await connect(), await connect(), await connect()];
    const inbox = new Inbox();
    await listener.subscribe(['#'], inbox.take);
    const said = Array.from({ length: 60 }, (_, index) => ({
      topic: `t/${index}`,
      options: { retain: index % 2 === 0, qos: index % 3 === 0 ? 0 : 2 } as const,
    }));
    const speak = async ({ topic, options }: (typeof said)[number], index: number): Promise<void> =>
      speakers[index % speakers.length]?.publish(topic, 'x', options);
    await Promise.all(said.map(speak));
    await speakers[0]?.publish('end', 'x');
    await speakers[1]?.publish('end', 'x');
    const isEnd = ({ topic }: BusMessage): boolean => topic === 'end';
    while (inbox.messages.filter(isEnd).length < 2) await inbox.until(inbox.messages.length + 1);
    const heard = inbox.messages.filter((message) => !isEnd(message)).map(({ topic }) => topic);
    expect(heard.sort()).toEqual(said.map(({ topic }) => topic).sort());
  });

  test('hands out what is kept, and says that it was', async () => {
    const connect = closing(await start());
    const [a, b] = [await connect(), await connect()];
    await a.publish('kept', 'value', { retain: true });
    await a.publish('gone', 'value', { retain: true });
    await a.publish('gone', '', { retain: true });
    const inbox = new Inbox();
    await b.subscribe(['kept', 'gone'], inbox.take);
    await a.publish('kept', 'newer', { retain: true });
    expect((await inbox.until(2)).map(({ payload, retained }) => [payload, retained])).toEqual([
      ['value', true],
      ['newer', false],
    ]);
  });

  test('ends a subscription', async () => {
    const connect = closing(await start());
    const [a, b] = [await connect(), await connect()];
    const [first, second] = [new Inbox(), new Inbox()];
    const subscription = await a.subscribe(['x'], first.take);
    await a.subscribe(['x', 'y'], second.take);
    await subscription.close();
    await b.publish('x', '1');
    await second.until(1);
    expect(first.messages).toEqual([]);
  });

  test('brings a burst through whole', async () => {
    const connect = closing(await start());
    const [a, b] = [await connect(), await connect()];
    const inbox = new Inbox();
    await a.subscribe(['burst'], inbox.take);
    const count = 2_000;
    await Promise.all(Array.from({ length: count }, (_, at) => b.publish('burst', String(at))));
    const payloads = (await inbox.until(count)).map(({ payload }) => Number(payload));
    expect(payloads).toEqual(Array.from({ length: count }, (_, at) => at));
  });

  test('refuses to publish once it is closed', async () => {
    const connect = await start();
    const bus = await connect();
    await bus.close();
    await expect(bus.publish('x', '1')).rejects.toMatchObject({ code: expect.stringMatching(/^BUS_/) });
  });

  test('leaves its will only where it said no good-bye', async () => {
    const connect = closing(await start());
    const watcher = await connect();
    const inbox = new Inbox();
    await watcher.subscribe(['will', 'end'], inbox.take);
    const polite = await connect({ topic: 'will', payload: 'gone', retain: false });
    await polite.close();
    await watcher.publish('end', '');
    expect((await inbox.until(1)).map(({ topic }) => topic)).toEqual(['end']);
  });
});

/** Stands between client and broker, so that a test can cut the wire. */
async function cable(port: number): Promise<{ port: number; cut: () => void; mend: () => Promise<void> }> {
  const ends = new Set<Socket>();
  const listen = async (at: number): Promise<Server> => {
    const server = createServer((near) => {
      const far = tcpStream('127.0.0.1', port) as Socket;
      for (const end of [near, far]) {
        ends.add(end);
        end.on('error', () => {});
      }
      near.pipe(far).pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const own = (server.address() as { port: number }).port;
  const cut = (): void => {
    server.close();
    for (const end of ends) end.destroy();
    ends.clear();
  };
  cleanUps.push(cut);
  return {
    port: own,
    cut,
    mend: async () => {
      server = await listen(own);
    },
  };
}

test('a broken connection: publishing fails at once, nothing stale is sent, subscriptions return', async () => {
  const broker = await embedded();
  const wire = await cable(broker.port);
  const direct = await closing(() => mqtt(() => tcpStream('127.0.0.1', broker.port), '3.1.1'))();
  const bus = await closing(() => mqtt(() => tcpStream('127.0.0.1', wire.port), '3.1.1'))();
  const [inbox, outside] = [new Inbox(), new Inbox()];
  await bus.subscribe(['to us'], inbox.take);
  await direct.subscribe(['from us'], outside.take);
  const down = new Promise((resolve) => bus.onConnection((connected) => connected || resolve(undefined)));
  wire.cut();
  await down;
  await expect(bus.publish('from us', 'stale')).rejects.toMatchObject({ code: 'BUS_DISCONNECTED' });
  const up = new Promise((resolve) => bus.onConnection((connected) => connected && resolve(undefined)));
  await wire.mend();
  await up;
  await bus.publish('from us', 'fresh');
  await direct.publish('to us', 'hello');
  expect((await inbox.until(1)).map(({ payload }) => payload)).toEqual(['hello']);
  expect((await outside.until(1)).map(({ payload }) => payload)).toEqual(['fresh']);
});

test('a broker that is not there is named', async () => {
  const refused = mqtt(() => tcpStream('127.0.0.1', 9), '3.1.1');
  await expect(refused).rejects.toMatchObject({
    code: 'BUS_UNREACHABLE',
    message: expect.stringContaining('the test'),
  });
});

describe('a memory broker that dies', () => {
  test('loses what was under way and what it kept; its clients are there again when it is', async () => {
    const broker = new MemoryBroker();
    const writer = broker.connect();
    const reader = broker.connect({ will: { topic: 'will', payload: 'gone', retain: false } });
    const seen: string[] = [];
    writer.onConnection((connected) => seen.push(`connected ${connected}`));
    await writer.subscribe(['#'], ({ topic, payload }) => seen.push(`${topic}=${payload}`));
    await writer.publish('kept', '1', { retain: true });
    void writer.publish('under way', '2');
    broker.crash();
    expect(broker.running).toBe(false);
    await expect(writer.publish('a', '2')).rejects.toMatchObject({ code: 'BUS_DISCONNECTED' });
    expect(() => broker.connect()).toThrow('down');
    broker.recover();
    await reader.publish('b', '3');
    await clock.sleep(5);
    expect(seen).toEqual(['kept=1', 'connected false', 'connected true', 'b=3']);
    const late: string[] = [];
    await broker.connect().subscribe(['kept'], ({ payload }) => late.push(payload));
    await clock.sleep(5);
    expect(late).toEqual([]);
  });
});
