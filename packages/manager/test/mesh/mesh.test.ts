import { createServer } from 'node:net';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { EmbeddedBroker, encodeEnvelope, MqttBus, tcpStream } from '@chargemesh/framework';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MeshEvent } from '../../src/index.ts';
import { LineLogger, PlayedMesh, untilModules } from './played-mesh.ts';

/** An energy tree: manager uses grid, grid uses leaf; and a store that nobody uses. */
const tree = `active_modules:
  manager:
    module: EnergyManager
    connections: {energy_trunk: [{module_id: grid, implementation_id: energy_grid}]}
  grid:
    module: EnergyNode
    mapping: {module: {evse: 1}}
    config_module: {fuse_limit_A: 63}
    connections: {energy_consumer: [{module_id: leaf, implementation_id: energy_grid}]}
  leaf: {module: EnergyNode, config_module: {fuse_limit_A: 32}}
  store: {module: PersistentStore}
`;
const ids = ['grid', 'leaf', 'manager', 'store'];

const clock = new RealClock();
let played: PlayedMesh;
beforeEach(() => {
  played = new PlayedMesh();
});
afterEach(() => played.close());

const eventsOf = (what: string): string[] =>
  played.events.filter((event) => event.endsWith(` ${what}`)).map((event) => event.split(' ')[0] ?? '');

/** A program that joins the mesh from outside by its TCP port. */
function join({ broker: { host, port } }: { broker: { host: string; port: number } }): Promise<MqttBus> {
  return MqttBus.connect({
    open: () => tcpStream(host, port),
    broker: `${host}:${port}`,
    version: '3.1.1',
    clock,
    random: systemRandom,
    log: silentLogger,
  });
}

describe('start', () => {
  test('the mesh is ready when all modules are, and no module before', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    expect(mesh.isReady).toBe(true);
    expect(eventsOf('set up').sort()).toEqual(ids);
    await untilModules(mesh, (modules) => modules.every(({ state }) => state === 'ready'));
    const firstReady = played.events.findIndex((event) => event.endsWith(' ready'));
    expect(played.events.slice(0, firstReady).every((event) => event.endsWith(' set up'))).toBe(true);
  });

  test('a module that somebody else starts is waited for', async () => {
    const mesh = await played.start(
      tree.replace('{module: PersistentStore}', '{module: PersistentStore, standalone: true}'),
    );
    await untilModules(mesh, (modules) => modules.filter(({ state }) => state === 'ready').length === 3);
    expect(mesh.isReady).toBe(false);
    expect(eventsOf('ready')).toEqual([]);
    const outside = await join(mesh);
    await outside.publish(mesh.topics.moduleReady('store'), encodeEnvelope('ModuleReady', true));
    await mesh.ready;
    expect(mesh.modules().find(({ id }) => id === 'store')).toMatchObject({
      state: 'ready',
      startedBy: 'somebody else',
    });
    await outside.close();
  });

  test('how it comes up is told, in order; who is waited for goes by names, though theirs may be ready before ours', async () => {
    const told: string[] = [];
    const waited = Promise.withResolvers<void>();
    const onEvent = ({ kind, ...rest }: MeshEvent): void => {
      told.push([kind, ...Object.values(rest)].join(' '));
      if (kind === 'waitingForStandalone') waited.resolve();
    };
    const text = ['store', 'leaf'].reduce(
      (under, id) => under.replace(new RegExp(`(  ${id}: {module: \\w+)`), '$1, standalone: true'),
      tree,
    );
    const grid = Promise.withResolvers<undefined>();
    played.play('grid', () => grid.promise);
    const mesh = await played.start(text, { onEvent });
    const outside = await join(mesh);
    const say = (id: string): Promise<void> =>
      outside.publish(mesh.topics.moduleReady(id), encodeEnvelope('ModuleReady', true));
    await say('store');
    await untilModules(mesh, (modules) => modules.find(({ id }) => id === 'store')?.state === 'ready');
    expect(told).toEqual(['starting']);
    grid.resolve(undefined);
    await waited.promise;
    expect(told).toEqual(['starting', 'waitingForStandalone leaf']);
    await say('leaf');
    await mesh.ready;
    expect(told).toEqual(['starting', 'waitingForStandalone leaf', 'ready']);
    await mesh.restart('a test');
    expect(told.slice(3)).toEqual(['restarting a test', 'starting']);
    await outside.close();
  });

  test('modules of others are told to end where that is asked for', async () => {
    const broker = await EmbeddedBroker.start();
    const mesh = await played.start(
      tree.replace('{module: PersistentStore}', '{module: PersistentStore, standalone: true}'),
      { broker: { kind: 'outside', host: '127.0.0.1', port: broker.port } },
    );
    const outside = await join(mesh);
    const { promise, resolve } = Promise.withResolvers<string>();
    await outside.subscribe([mesh.topics.shutdown], ({ payload }) => resolve(payload));
    expect(await mesh.stop({ tellStandalone: true })).toBe('clean');
    expect(await promise).toBe('true');
    await outside.close();
    await broker.close();
  });

  test('a module that is ignored is neither started nor waited for', async () => {
    const mesh = await played.start(tree, { ignore: ['store'] });
    await mesh.ready;
    expect(eventsOf('set up').sort()).toEqual(['grid', 'leaf', 'manager']);
    expect(mesh.modules().find(({ id }) => id === 'store')).toMatchObject({ state: 'waiting' });
  });

  test('the definitions are kept, and late joiners get them over TCP', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    const outside = await join(mesh);
    const { promise, resolve } = Promise.withResolvers<string>();
    await outside.subscribe([mesh.topics.definition('module_names')], ({ payload }) => resolve(payload));
    expect(JSON.parse(await promise).data).toEqual({
      grid: 'EnergyNode',
      leaf: 'EnergyNode',
      manager: 'EnergyManager',
      store: 'PersistentStore',
    });
    await outside.close();
  });

  test('a second ready of a module is answered by a ready', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    const outside = await join(mesh);
    const { promise, resolve } = Promise.withResolvers<string>();
    await outside.subscribe([mesh.topics.ready], ({ payload }) => resolve(payload));
    await outside.publish(mesh.topics.moduleReady('store'), encodeEnvelope('ModuleReady', true));
    expect(await promise).toBe('{"data":true,"msg_type":"GlobalReady"}');
    await outside.close();
  });

  test('a port that is taken is an error with its number', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(played.start(tree, { broker: { kind: 'embedded', port } })).rejects.toMatchObject({
      code: 'BUS_UNREACHABLE',
      message: expect.stringContaining(String(port)),
    });
    await new Promise((done) => server.close(done));
  });
});

describe('a module that does not come up', () => {
  test('ends the mesh with its id and its own words, and the others stop', async () => {
    played.play('leaf', () => {
      throw new RangeError('the bus of the meter does not answer');
    });
    const log = new LineLogger();
    const mesh = await played.start(tree, { log });
    await expect(mesh.ready).rejects.toMatchObject({
      code: 'MODULE_SETUP',
      message: 'module leaf (EnergyNode): the bus of the meter does not answer',
    });
    expect(await mesh.ended).toMatchObject({ kind: 'failed', error: { code: 'MODULE_SETUP' } });
    expect(log.lines).toContain('error module leaf (EnergyNode): the bus of the meter does not answer');
    expect(mesh.isReady).toBe(false);
    await mesh.stop();
    expect(eventsOf('ready')).toEqual([]);
  });

  test('whose ready fails is ended and started again, and the others stay', async () => {
    const again = Promise.withResolvers<void>();
    const readies = [
      () => {
        throw new RangeError('the disk is full');
      },
      () => again.resolve(),
    ];
    played.play('leaf', () => ({ ready: () => readies.shift()?.() }));
    const log = new LineLogger();
    const mesh = await played.start(tree, { log });
    await again.promise;
    expect(log.lines).toContain('error module leaf died: the disk is full');
    expect(played.events.filter((event) => event.startsWith('leaf'))).toEqual([
      'leaf set up',
      'leaf ready',
      'leaf shutdown',
      'leaf set up',
      'leaf ready',
    ]);
    expect(mesh.modules().map(({ id, restarts }) => [id, restarts])).toEqual([
      ['grid', 0],
      ['leaf', 1],
      ['manager', 0],
      ['store', 0],
    ]);
  });
});

describe('stop', () => {
  test('who uses a module goes before it', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    await mesh.stop();
    const stopped = eventsOf('shutdown');
    expect([...stopped].sort()).toEqual(ids);
    expect(stopped.filter((id) => id !== 'store')).toEqual(['manager', 'grid', 'leaf']);
  });

  test('takes less than two seconds, even where a module never ends', async () => {
    played.play('manager', () => ({ shutdown: () => new Promise(() => {}) }));
    const log = new LineLogger();
    const mesh = await played.start(tree, { log });
    await mesh.ready;
    const beforeMs = clock.monotonicMs();
    await mesh.stop();
    expect(clock.monotonicMs() - beforeMs).toBeLessThan(2_000);
    expect(log.lines).toContain('warn manager did not stop in time; all were ended');
  });

  test('leaves nothing on a broker of somebody else but that the manager has stopped', async () => {
    const broker = await EmbeddedBroker.start();
    const at = { host: '127.0.0.1', port: broker.port };
    const mesh = await played.start(tree, { broker: { kind: 'outside', ...at } });
    await mesh.ready;
    await mesh.stop();
    const outside = await join({ broker: at });
    const kept: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await outside.subscribe(['#'], ({ topic }) => (topic === 'over' ? resolve() : kept.push(topic)));
    await outside.publish('over', '');
    await promise;
    await outside.close();
    await broker.close();
    expect(kept.filter((topic) => !topic.startsWith('$SYS'))).toEqual(['chargemesh/manager/status']);
  });

  test('while modules are still being set up leaves none behind', async () => {
    const entered = Promise.withResolvers<void>();
    const held = Promise.withResolvers<undefined>();
    played.play('store', () => {
      entered.resolve();
      return held.promise;
    });
    const mesh = await played.start(tree);
    await entered.promise;
    const stopped = mesh.stop();
    held.resolve(undefined);
    await stopped;
    expect(mesh.modules().find(({ id }) => id === 'store')?.state).not.toBe('ready');
    expect(eventsOf('ready')).toEqual([]);
  });

  test('twice is once', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    await Promise.all([mesh.stop(), mesh.stop()]);
    await mesh.stop();
    expect(eventsOf('shutdown')).toHaveLength(4);
  });
});

describe('what a module asks for', () => {
  test('restart: all modules stop in order and come back, and the mesh is ready anew', async () => {
    let ask: () => void = () => {};
    played.play('store', (module) => {
      ask = () => module.requestStop('restart', 'Reset');
      return undefined;
    });
    const log = new LineLogger();
    const mesh = await played.start(tree, { log });
    await mesh.ready;
    await untilModules(mesh, (modules) => modules.every(({ state }) => state === 'ready'));
    const back = Promise.withResolvers<void>();
    played.play('manager', () => ({ ready: () => back.resolve() }));
    ask();
    await back.promise;
    await untilModules(mesh, (modules) => modules.every(({ state }) => state === 'ready'));
    expect(eventsOf('set up')).toHaveLength(8);
    expect(eventsOf('shutdown').filter((id) => id !== 'store')).toEqual(['manager', 'grid', 'leaf']);
    expect(log.lines).toContain('info all modules are started anew: store asked for it (Reset)');
    expect(mesh.modules().every(({ restarts }) => restarts === 0)).toBe(true);
  });

  test.each(['reboot', 'stop'] as const)('%s: whoever holds the mesh is told', async (how) => {
    played.play('store', (module) => ({ ready: () => module.requestStop(how, 'HardReset') }));
    const mesh = await played.start(tree);
    expect(await mesh.ended).toEqual({ kind: how, by: 'store', reason: 'HardReset' });
  });

  test('what is no request is passed over', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    const outside = await join(mesh);
    for (const payload of ['', '{', '7', '{"how":"explode"}'])
      await outside.publish(`${mesh.topics.own}manager/stop`, payload);
    await outside.publish(`${mesh.topics.own}manager/stop`, '{"how":"stop","origin":"outside","reason":"last"}');
    expect(await mesh.ended).toEqual({ kind: 'stop', by: 'outside', reason: 'last' });
    await outside.close();
  });
});

describe('status', () => {
  test('says what each module is, where it stands, whether it is ready, and in which process', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    await untilModules(mesh, (modules) => modules.every(({ state }) => state === 'ready'));
    expect(mesh.modules()).toEqual(
      [
        { id: 'grid', name: 'EnergyNode', evse: 1 },
        { id: 'leaf', name: 'EnergyNode', evse: undefined },
        { id: 'manager', name: 'EnergyManager', evse: undefined },
        { id: 'store', name: 'PersistentStore', evse: undefined },
      ].map((module) => ({ ...module, state: 'ready', pid: process.pid, restarts: 0, startedBy: 'mesh' })),
    );
  });

  test('a listener hears what the broker keeps, on a connection of its own', async () => {
    const mesh = await played.start(tree);
    await mesh.ready;
    for (let times = 0; times < 2; times++) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const subscription = await mesh.subscribe([mesh.topics.status('grid')], ({ retained }) => resolve(retained));
      expect(await promise).toBe(true);
      await subscription.close();
    }
  });
});
