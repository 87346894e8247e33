import { type Logger, silentLogger } from '@chargemesh/base';
import { CommandError, defineModule } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';

/** A store in memory: one command of each kind, enough to see the runtime at work. */
function storeModule(seen: string[] = []) {
  return defineModule('PersistentStore', (module) => {
    const values = new Map<string, unknown>();
    module.provide('main').implement({
      store: ({ key, value }) => {
        values.set(key, value);
        return null;
      },
      load: ({ key }) => (values.get(key) as string | undefined) ?? null,
      delete: ({ key }) => {
        if (key === 'forbidden') throw new Error('not this one');
        values.delete(key);
        return null;
      },
      exists: ({ key }, caller) => {
        seen.push(caller.moduleId);
        return values.has(key);
      },
    });
    return undefined;
  });
}

async function startStore(seen?: string[]): Promise<TestMesh> {
  const mesh = new TestMesh();
  mesh.add(storeModule(seen), { id: 'store' });
  await mesh.start();
  return mesh;
}

describe('commands', () => {
  test('are carried out and answered to their caller', async () => {
    const seen: string[] = [];
    const mesh = await startStore(seen);
    await mesh.call('store', 'main', 'store', { key: 'a', value: 7 });
    expect(await mesh.call('store', 'main', 'load', { key: 'a' })).toBe(7);
    expect(await mesh.call('store', 'main', 'exists', { key: 'b' })).toBe(false);
    expect(seen).toEqual(['tester']);
  });

  test('with wrong arguments are refused with their place', async () => {
    const mesh = await startStore();
    const refused = mesh.call('store', 'main', 'exists', { key: 7 });
    await expect(refused).rejects.toMatchObject({
      type: 'SchemaValidationError',
      message: expect.stringContaining('key'),
    });
  });

  test('whose handler throws answer HandlerException', async () => {
    const mesh = await startStore();
    const failed = mesh.call('store', 'main', 'delete', { key: 'forbidden' });
    await expect(failed).rejects.toMatchObject({
      type: 'HandlerException',
      message: expect.stringContaining('not this one'),
    });
  });

  test('that a provider leaves undone because it stops are no error in its log', async () => {
    const errors: string[] = [];
    const log: Logger = { ...silentLogger, error: (message) => errors.push(message), child: () => log };
    const mesh = new TestMesh({ log });
    mesh.add(
      defineModule('PersistentStore', (module) => {
        const refuse = (): never => {
          throw new CommandError('Shutdown', 'this module is shutting down');
        };
        module.provide('main').implement({ store: refuse, load: refuse, delete: refuse, exists: refuse });
        return undefined;
      }),
      { id: 'store' },
    );
    await mesh.start();
    await expect(mesh.call('store', 'main', 'load', { key: 'a' })).rejects.toMatchObject({ type: 'Shutdown' });
    expect(errors).toEqual([]);
  });

  test('with the same id are carried out once', async () => {
    const seen: string[] = [];
    const mesh = await startStore(seen);
    const payload =
      '{"data":{"args":{"key":"a"},"id":"6f1d0b52-3d0e-4a0e-8a6a-6b0c2f1f2a77","origin":"tester"},"msg_type":"Cmd"}';
    for (let times = 0; times < 2; times++)
      mesh.external.publish(mesh.topics.command('store', 'main', 'exists'), payload);
    await mesh.settle();
    expect(seen).toEqual(['tester']);
  });

  test('that cannot be read are dropped and the module lives on', async () => {
    const mesh = await startStore();
    for (const payload of ['no json', '[]', '{"msg_type":"Cmd","data":{}}', '{"msg_type":"Nonsense","data":1}', ''])
      mesh.external.publish(mesh.topics.command('store', 'main', 'exists'), payload);
    await mesh.settle();
    expect(await mesh.call('store', 'main', 'exists', { key: 'a' })).toBe(false);
  });
});

/** Calls its peer as told by the test. */
function callerModule(
  onReady: (call: (key: string) => Promise<unknown>) => void,
  onShutdown: (call: (key: string) => Promise<unknown>) => Promise<void> = async () => {},
) {
  return defineModule('Auth', (module) => {
    module.provide('main').implement({
      set_connection_timeout: () => null,
      set_master_pass_group_id: () => null,
      withdraw_authorization: () => 'Accepted',
    });
    module.provide('reservation').implement({
      reserve_now: () => 'Rejected',
      cancel_reservation: () => false,
      exists_reservation: () => 'NotReserved',
    });
    const load = (key: string) => module.one('kvs').call('load', { key });
    return { ready: () => onReady(load), shutdown: () => onShutdown(load) };
  });
}

async function startPair(): Promise<{ mesh: TestMesh; load: (key: string) => Promise<unknown> }> {
  const mesh = new TestMesh();
  let load: (key: string) => Promise<unknown> = () => Promise.reject(new Error('never ready'));
  mesh.add(storeModule(), { id: 'store' });
  mesh.add(
    callerModule((call) => {
      load = call;
    }),
    { id: 'caller', config: { connection_timeout: 10 }, connections: { kvs: [['store', 'main']] } },
  );
  await mesh.start();
  return { mesh, load: (key) => load(key) };
}

async function outcome(mesh: TestMesh, call: Promise<unknown>): Promise<unknown> {
  const settled = call.then(
    (value) => value,
    (error: unknown) => error,
  );
  await mesh.settle();
  return settled;
}

describe('a peer', () => {
  test('that is there answers', async () => {
    const { mesh, load } = await startPair();
    expect(await outcome(mesh, load('x'))).toBeNull();
  });

  test('that has died fails the call at once, and one under way too', async () => {
    const { mesh, load } = await startPair();
    await mesh.kill('store');
    const error = await outcome(mesh, load('x'));
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ type: 'NotReady' });
    expect(mesh.clock.monotonicMs()).toBe(0);
  });

  test('that returns is called again', async () => {
    const { mesh, load } = await startPair();
    await mesh.kill('store');
    await mesh.startModule('store');
    await mesh.sayReady();
    expect(await outcome(mesh, load('x'))).toBeNull();
  });
});

describe('a module that shuts down', () => {
  async function shutDown(act: (mesh: TestMesh) => Promise<void> = async () => {}) {
    const answers: unknown[] = [];
    const mesh = new TestMesh();
    mesh.add(storeModule(), { id: 'store' });
    const caller = callerModule(
      () => {},
      async (call) => {
        await act(mesh);
        answers.push(await call('x').catch((error: unknown) => error));
      },
    );
    const connections = { kvs: [['store', 'main']] } as const;
    mesh.add(caller, { id: 'caller', config: { connection_timeout: 10 }, connections });
    await mesh.start();
    await mesh.stopModule('caller');
    return { answers, mesh };
  }

  test('is answered by its peers until it has finished', async () => {
    const { answers, mesh } = await shutDown();
    expect(answers).toEqual([null]);
    expect(mesh.clock.monotonicMs()).toBe(0);
  });

  test('does not wait for a peer that leaves meanwhile', async () => {
    const { answers, mesh } = await shutDown(async (mesh) => mesh.kill('store'));
    expect(answers).toEqual([expect.objectContaining({ type: 'NotReady' })]);
    expect(mesh.clock.monotonicMs()).toBe(0);
  });
});
