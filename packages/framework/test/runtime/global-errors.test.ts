import { defineModule, encodeError, type MeshError } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';

/** What a module hears of all errors. */
function listener() {
  const heard: string[] = [];
  const definition = defineModule('ErrorHistory', (module) => {
    module.provide('error_history').implement({ get_errors: () => [] });
    module.globalErrors.listen({
      raised: ({ type, origin }) => heard.push(`+${origin.module_id}/${origin.implementation_id} ${type}`),
      cleared: ({ type, origin }) => heard.push(`-${origin.module_id}/${origin.implementation_id} ${type}`),
    });
    return undefined;
  });
  return { definition, heard };
}

/** A clock that raises as the test says. */
function system() {
  const handle = { raise: (_subType?: string, _message?: string): void => {}, clear: (): void => {}, inSetUp: false };
  const definition = defineModule('System', (module) => {
    const main = module.provide('main') as unknown as { implement: (handlers: object) => void };
    main.implement(new Proxy({}, { has: () => true, get: () => () => null }));
    handle.raise = (subType = '', message = 'no network') =>
      module.provide('main').raise({ type: 'system/CommunicationFault', subType, message });
    handle.clear = () => module.provide('main').clearAll();
    if (handle.inSetUp) handle.raise();
    return undefined;
  });
  return { definition, handle };
}

async function start() {
  const mesh = new TestMesh();
  const ears = listener();
  const { definition, handle } = system();
  const history = { error_history: { database_path: 'errors.db' } };
  mesh.add(ears.definition, { id: 'history', implementations: history });
  mesh.add(definition, { id: 'machine' });
  await mesh.start();
  return { mesh, handle, heard: ears.heard };
}

const raised = '+machine/main system/CommunicationFault';
const cleared = '-machine/main system/CommunicationFault';

/** An error of a program that speaks the wire format and is no module of the configuration. */
const foreign: MeshError = {
  type: 'stranger/Broken',
  sub_type: '',
  message: 'it broke',
  description: '',
  severity: 'Low',
  state: 'Active',
  origin: { module_id: 'stranger', implementation_id: 'thing' },
  vendor_id: 'somebody',
  uuid: 'u',
  timestamp: '2026-01-01T00:00:00.000Z',
};

describe('who asks for all errors', () => {
  test('hears each raise and clear of every module once', async () => {
    const { mesh, handle, heard } = await start();
    handle.raise();
    handle.raise();
    await mesh.settle();
    handle.clear();
    handle.clear();
    await mesh.settle();
    expect(heard).toEqual([raised, cleared]);
  });

  test('hears nothing of an error that is raised again, with whatever words', async () => {
    const { mesh, handle, heard } = await start();
    handle.raise();
    await mesh.settle();
    handle.raise('', 'no network at all');
    await mesh.settle();
    expect(heard).toEqual([raised]);
    const topic = mesh.topics.error('machine', 'main', 'system/CommunicationFault');
    expect(mesh.external.messages(topic)).toHaveLength(1);
  });

  test('hears each of several, and a clear of all clears each', async () => {
    const { mesh, handle, heard } = await start();
    handle.raise();
    handle.raise('wired');
    await mesh.settle();
    handle.clear();
    await mesh.settle();
    expect(heard).toEqual([raised, raised, cleared, cleared]);
  });

  test('hears a program that is not in the configuration', async () => {
    const { mesh, heard } = await start();
    const topic = mesh.topics.error('stranger', 'thing', foreign.type);
    mesh.external.publish(topic, encodeError(foreign));
    await mesh.settle();
    mesh.external.publish(topic, encodeError({ ...foreign, state: 'ClearedByModule' }));
    await mesh.settle();
    expect(heard).toEqual(['+stranger/thing stranger/Broken', '-stranger/thing stranger/Broken']);
  });

  test.each([
    'x',
    '{}',
    '{"msg_type":"RaiseError","data":{"type":"a/B"}}',
    '{"msg_type":"RaiseError","data":{"type":"a/B","origin":{"module_id":"m"}}}',
  ])('is not hurt by %s', async (payload) => {
    const { mesh, handle, heard } = await start();
    mesh.external.publish(mesh.topics.error('stranger', 'thing', 'a/B'), payload);
    await mesh.settle();
    handle.raise();
    await mesh.settle();
    expect(heard).toEqual([raised]);
  });
});

describe('a module that leaves with an error', () => {
  test.each(['dies', 'stops'] as const)(
    'and %s has not repaired anything: its error stands until it is back',
    async (how) => {
      const { mesh, handle, heard } = await start();
      handle.raise();
      await mesh.settle();
      await (how === 'dies' ? mesh.kill('machine') : mesh.stopModule('machine'));
      await mesh.clock.advance(600_000);
      expect(heard).toEqual([raised]);
      await mesh.startModule('machine');
      expect(heard).toEqual([raised]);
      await mesh.sayReady();
      expect(heard).toEqual([raised, cleared]);
    },
  );

  test('and has it again is not told twice; what clears it then is heard', async () => {
    const { mesh, handle, heard } = await start();
    handle.raise();
    await mesh.settle();
    await mesh.kill('machine');
    handle.inSetUp = true;
    await mesh.startModule('machine');
    await mesh.sayReady();
    expect(heard).toEqual([raised]);
    handle.clear();
    await mesh.settle();
    expect(heard).toEqual([raised, cleared]);
  });
});

test('who asks for all errors and was away learns which are active now', async () => {
  const { mesh, handle, heard } = await start();
  await mesh.kill('history');
  handle.raise();
  await mesh.settle();
  await mesh.startModule('history');
  await mesh.settle();
  handle.clear();
  await mesh.settle();
  expect(heard).toEqual([raised, cleared]);
});

test('a module whose manifest does not ask for all errors does not get them', async () => {
  const mesh = new TestMesh();
  const definition = defineModule('System', (module) => {
    module.globalErrors.listen({});
    return undefined;
  });
  mesh.add(definition, { id: 'machine' });
  await expect(mesh.start()).rejects.toThrow('enable_global_errors');
});
