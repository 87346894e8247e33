import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { loadContracts } from '@chargemesh/contracts';
import {
  defineModule,
  EmbeddedBroker,
  encodeCommand,
  encodeEnvelope,
  encodeResult,
  encodeVariable,
  ModuleRuntime,
  MqttBus,
  Topics,
  tcpStream,
} from '@chargemesh/framework';
import { freePort } from '@chargemesh/testkit';
import { MqttClient } from 'mqtt';
import { type BenchResult, type BenchRow, quantile } from './table.ts';

const ROUNDS = 20;
/** Until everything is compiled that will be. */
const WARM_UP_ROUNDS = 16;
const CALLS_A_ROUND = 250;
const PUBLISHES_A_ROUND = 2_000;
const IN_FLIGHT = 20;

const clock = new RealClock();
const topics = new Topics();
const key = 'a_key';
const tokenTopic = topics.variable('token', 'main', 'provided_token');
const token = {
  id_token: { value: 'DEADBEEF', type: 'ISO14443' },
  authorization_type: 'RFID',
  connectors: [1],
} as const;

/** A broker to measure over: each call of `open` is a fresh connection. */
interface Route {
  readonly name: string;
  readonly open: () => Duplex;
  readonly version: 'auto' | '3.1.1';
  readonly close: () => Promise<void>;
}

async function embedded(kind: 'TCP' | 'stream'): Promise<Route> {
  const broker = await EmbeddedBroker.start();
  return {
    name: `aedes by ${kind}`,
    open: () => (kind === 'TCP' ? tcpStream('127.0.0.1', broker.port) : broker.openStream()),
    version: '3.1.1',
    close: () => broker.close(),
  };
}

/** Debian's Mosquitto, with the settings that a mesh needs; undefined where it is not installed. */
async function mosquitto(): Promise<Route | undefined> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'chargemesh-bench-'));
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'set_tcp_nodelay true',
    'max_inflight_messages 0',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${[...lines, 'max_queued_messages 0'].join('\n')}\n`);
  const broker = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  const missing = await Promise.race([
    new Promise<boolean>((resolve) => broker.once('error', () => resolve(true))),
    clock.sleep(500).then(() => false),
  ]);
  if (missing) return undefined;
  return {
    name: 'Mosquitto',
    open: () => tcpStream('127.0.0.1', port),
    version: 'auto',
    close: async () => {
      broker.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** One side of the comparison: a round trip, and a burst of messages that has arrived when it resolves. */
interface Side {
  readonly call: () => Promise<unknown>;
  readonly burst: (count: number) => Promise<void>;
  readonly close: () => Promise<unknown>;
}

async function ours(route: Route): Promise<Side> {
  const contracts = loadContracts();
  const bus = (): Promise<MqttBus> =>
    MqttBus.connect({ ...route, broker: route.name, clock, random: systemRandom, log: silentLogger });
  const environment = async () => ({
    bus: await bus(),
    topics,
    clock,
    random: systemRandom,
    log: silentLogger,
    contracts,
    stateDir: ':memory:',
    searchPaths: [],
    runOptions: {},
    telemetryEnabled: false,
  });
  const store = defineModule('PersistentStore', (module) => {
    module.provide('main').implement({ store: () => null, load: () => null, delete: () => null, exists: () => true });
    return undefined;
  });
  let publish: () => void = () => {};
  const provider = defineModule('DummyTokenProviderManual', (module) => {
    publish = () => module.provide('main').publish('provided_token', token);
    return undefined;
  });
  let call: () => Promise<unknown> = async () => {};
  let arrived: () => void = () => {};
  const caller = defineModule('Auth', (module) => {
    module.provide('main').implement({
      set_connection_timeout: () => null,
      set_master_pass_group_id: () => null,
      withdraw_authorization: () => 'Rejected',
    });
    module.provide('reservation').implement({
      reserve_now: () => 'Rejected',
      cancel_reservation: () => false,
      exists_reservation: () => 'NotReserved',
    });
    module.one('token_provider').subscribe('provided_token', () => arrived());
    call = () => module.one('kvs').call('exists', { key });
    return undefined;
  });
  const info = (
    id: string,
    name: string,
    connections: Record<string, { moduleId: string; implementationId: string }[]> = {},
  ) => ({
    id,
    name,
    config: { connection_timeout: 10 },
    implementations: {},
    connections,
    mapping: undefined,
    peers: {},
    telemetryId: undefined,
  });
  const runtimes = [
    await ModuleRuntime.start(store, info('store', 'PersistentStore'), await environment()),
    await ModuleRuntime.start(provider, info('token', 'DummyTokenProviderManual'), await environment()),
    await ModuleRuntime.start(
      caller,
      info('caller', 'Auth', {
        kvs: [{ moduleId: 'store', implementationId: 'main' }],
        token_provider: [{ moduleId: 'token', implementationId: 'main' }],
      }),
      await environment(),
    ),
  ];
  const manager = await bus();
  await manager.publish(topics.ready, encodeEnvelope('GlobalReady', true));
  await Promise.all(runtimes.map((runtime) => runtime.ready));
  return {
    call: () => call(),
    burst: (count) =>
      new Promise((resolve) => {
        let left = count;
        arrived = () => --left === 0 && resolve();
        for (let at = 0; at < count; at++) publish();
      }),
    close: () => Promise.all([...runtimes.map((runtime) => runtime.stop()), manager.close()]),
  };
}

async function raw(route: Route): Promise<Side> {
  const connect = (): Promise<MqttClient> =>
    new Promise((resolve, reject) => {
      const version = route.version === 'auto' ? 5 : 4;
      const client = new MqttClient(() => route.open(), { protocolVersion: version, reconnectPeriod: 0, clean: true });
      client.once('connect', () => resolve(client));
      client.once('error', reject);
    });
  const [caller, provider] = [await connect(), await connect()];
  const request = encodeCommand({ id: systemRandom.uuid(), origin: 'raw', args: { key } });
  const answer = encodeResult({ id: systemRandom.uuid(), origin: 'store', retval: true });
  const value = encodeVariable(token);
  const asked = topics.command('raw_store', 'main', 'exists');
  const answered = topics.commandResponse('raw_store', 'main', 'exists', 'raw');
  const published = `raw/${tokenTopic}`;
  await provider.subscribeAsync(asked, { qos: 2 });
  await caller.subscribeAsync({ [answered]: { qos: 2 }, [published]: { qos: 2 } });
  let answerCame: () => void = () => {};
  let valueCame: () => void = () => {};
  provider.on('message', () => provider.publish(answered, answer, { qos: 2 }));
  caller.on('message', (topic) => (topic === answered ? answerCame() : valueCame()));
  return {
    call: () =>
      new Promise<void>((resolve) => {
        answerCame = resolve;
        caller.publish(asked, request, { qos: 2 });
      }),
    burst: (count) =>
      new Promise((resolve) => {
        let [left, unsent] = [count, count];
        valueCame = () => --left === 0 && resolve();
        const next = (): void => {
          if (unsent-- > 0) provider.publish(published, value, { qos: 2 }, next);
        };
        for (let at = 0; at < IN_FLIGHT; at++) next();
      }),
    close: () => Promise.all([caller.endAsync(), provider.endAsync()]),
  };
}

async function measure(route: Route): Promise<BenchRow[]> {
  const sides = { ours: await ours(route), raw: await raw(route) };
  const trips = { ours: [] as number[], raw: [] as number[] };
  const rates = { ours: [] as number[], raw: [] as number[] };
  // Rounds alternate, so that whatever else the machine does hits both alike; the first ones only warm up. Bursts come after all calls: what
  // the one leaves for the garbage collector is not to be paid for by the other.
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++)
    for (const side of ['ours', 'raw'] as const)
      for (let at = 0; at < CALLS_A_ROUND; at++) {
        const startMs = clock.monotonicMs();
        await sides[side].call();
        if (round >= 0) trips[side].push(clock.monotonicMs() - startMs);
      }
  for (let round = -1; round < ROUNDS; round++)
    for (const side of ['ours', 'raw'] as const) {
      const startMs = clock.monotonicMs();
      await sides[side].burst(PUBLISHES_A_ROUND);
      if (round >= 0) rates[side].push(PUBLISHES_A_ROUND / ((clock.monotonicMs() - startMs) / 1000));
    }
  await Promise.all([sides.ours.close(), sides.raw.close()]);
  const trip = (part: number, label: string, goal: number): BenchRow => ({
    what: `${route.name}: command round trip, ${label}`,
    ours: quantile(trips.ours, part),
    raw: quantile(trips.raw, part),
    unit: 'ms',
    better: 'less',
    goal,
  });
  return [
    trip(0.5, 'median', 1.3),
    trip(0.99, 'p99', 1.5),
    {
      what: `${route.name}: variables`,
      ours: quantile(rates.ours, 0.5),
      raw: quantile(rates.raw, 0.5),
      unit: '1/s',
      better: 'more',
      goal: 1.3,
    },
  ];
}

/** Commands and variables with all validation on, against raw mqtt.js with the same broker, transport, QoS and payload. */
export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  for (const start of [() => embedded('TCP'), () => embedded('stream'), mosquitto]) {
    const route = await start();
    if (!route) {
      process.stderr.write('mosquitto is not installed: its rows are missing\n');
      continue;
    }
    rows.push(...(await measure(route)));
    await route.close();
  }
  return { name: 'bus', rows };
}
