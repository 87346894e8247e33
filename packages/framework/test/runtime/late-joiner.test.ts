import { defineModule, type MeshError } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';

type Sample = { energy_Wh_import: { total: number } };

/** A meter that publishes and raises as the test says. */
function meter() {
  const handle: { publish: (wh: number) => void; raise: () => void; clear: () => void } = {
    publish: () => {},
    raise: () => {},
    clear: () => {},
  };
  const definition = defineModule('YetiSimulator', (module) => {
    const powermeter = module.provide('powermeter');
    for (const id of ['board_support', 'ev_board_support', 'powermeter', 'connector_lock', 'rcd'] as const) {
      const commands = module.provide(id) as { implement: (handlers: object) => void };
      commands.implement(new Proxy({}, { has: () => true, get: () => () => null }));
    }
    handle.publish = (wh) =>
      powermeter.publish('powermeter', { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: wh } });
    handle.raise = () => powermeter.raise({ type: 'powermeter/CommunicationFault', message: 'silent' });
    handle.clear = () => powermeter.clear('powermeter/CommunicationFault');
    return undefined;
  });
  return { definition, handle };
}

/** A node that listens to a meter. */
function listener() {
  const heard: number[] = [];
  const errors: string[] = [];
  const definition = defineModule('EnergyNode', (module) => {
    module.provide('external_limits').implement({ set_external_limits: () => null });
    module.provide('energy_grid').implement({ enforce_limits: () => null });
    const connection = module.one('powermeter');
    connection.subscribe('powermeter', (sample: Sample) => heard.push(sample.energy_Wh_import.total));
    connection.errors.listen({
      raised: (error: MeshError) => errors.push(`+${error.type}`),
      cleared: (error: MeshError) => errors.push(`-${error.type}`),
    });
    return undefined;
  });
  return { definition, heard, errors };
}

async function start() {
  const mesh = new TestMesh();
  const { definition, handle } = meter();
  const ears = listener();
  mesh.add(definition, { id: 'meter', config: { connector_id: 1 } });
  mesh.add(ears.definition, {
    id: 'node',
    config: { fuse_limit_A: 16, phase_count: 3 },
    connections: { powermeter: [['meter', 'powermeter']], energy_consumer: [] },
  });
  await mesh.start();
  return { mesh, handle, ...ears };
}

describe('a module that joins late', () => {
  test('gets the last value of a state, once, and then each new one', async () => {
    const { mesh, handle, heard } = await start();
    handle.publish(1);
    handle.publish(2);
    await mesh.settle();
    expect(heard).toEqual([1, 2]);
    await mesh.kill('node');
    handle.publish(3);
    await mesh.settle();
    await mesh.startModule('node');
    await mesh.settle();
    handle.publish(4);
    await mesh.settle();
    expect(heard).toEqual([1, 2, 3, 4]);
  });

  test('learns which errors are active', async () => {
    const { mesh, handle, errors } = await start();
    await mesh.kill('node');
    handle.raise();
    handle.raise();
    await mesh.settle();
    await mesh.startModule('node');
    await mesh.settle();
    handle.clear();
    await mesh.settle();
    expect(errors).toEqual(['+powermeter/CommunicationFault', '-powermeter/CommunicationFault']);
  });
});

test('a provider that returns without its old error has cleared it', async () => {
  const { mesh, handle, errors } = await start();
  handle.raise();
  await mesh.settle();
  await mesh.kill('meter');
  await mesh.startModule('meter');
  await mesh.sayReady();
  expect(errors).toEqual(['+powermeter/CommunicationFault', '-powermeter/CommunicationFault']);
});

test('a provider that returns clears what its former life had kept and it does not say again', async () => {
  const { mesh, handle, heard } = await start();
  const topic = mesh.topics.keptVariable('meter', 'powermeter', 'powermeter');
  const kept = (): string | undefined => mesh.messages.findLast((message) => message.topic === topic)?.payload;
  handle.publish(1);
  await mesh.settle();
  await mesh.kill('meter');
  await mesh.startModule('meter');
  expect(kept()).toContain('"total":1');
  await mesh.sayReady();
  expect(kept()).toBe('');
  handle.publish(2);
  await mesh.settle();
  expect(kept()).toContain('"total":2');
  expect(heard).toEqual([1, 2]);
});

test('what a provider says anew before it is ready is not taken for a leftover', async () => {
  const { mesh, handle } = await start();
  const topic = mesh.topics.keptVariable('meter', 'powermeter', 'powermeter');
  handle.publish(1);
  await mesh.settle();
  await mesh.kill('meter');
  await mesh.startModule('meter');
  handle.publish(2);
  await mesh.sayReady();
  expect(mesh.messages.filter((message) => message.topic === topic).map(({ payload }) => payload)).toEqual([
    expect.stringContaining('"total":1'),
    expect.stringContaining('"total":2'),
  ]);
});

test('a module whose last will comes although it is there says so, and what it keeps', async () => {
  const { mesh, handle } = await start();
  handle.publish(1);
  await mesh.settle();
  const before = mesh.messages.length;
  mesh.external.publish(mesh.topics.status('meter'), JSON.stringify({ state: 'gone' }));
  await mesh.settle();
  const said = mesh.messages.slice(before);
  expect(JSON.parse(said.findLast(({ topic }) => topic === mesh.topics.status('meter'))?.payload ?? '')).toMatchObject({
    state: 'ready',
  });
  expect(said.map(({ topic }) => topic)).toContain(mesh.topics.keptVariable('meter', 'powermeter', 'powermeter'));
});

test('a module that stops takes its kept values with it, although it publishes to the end', async () => {
  const { mesh, handle } = await start();
  handle.publish(1);
  await mesh.settle();
  const stopped = mesh.stop();
  for (let wh = 2; wh < 50; wh++) {
    handle.publish(wh);
    await Promise.resolve();
  }
  await stopped;
  const late = mesh.probe('late', {});
  await late.start();
  const kept = mesh.messages.filter(
    ({ topic }) => topic === mesh.topics.keptVariable('meter', 'powermeter', 'powermeter'),
  );
  expect(kept.at(-1)?.payload).toBe('');
});

test('a value that does not fit fails at its author', async () => {
  const { handle } = await start();
  expect(() => handle.publish('much' as unknown as number)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
});

test('a module knows those that tell of their presence, whether it requires them or not', async () => {
  let knows: (id: string) => boolean = () => false;
  const mesh = new TestMesh();
  mesh.add(meter().definition, { id: 'meter', config: { connector_id: 1 } });
  mesh.add(
    defineModule('EnergyNode', (module) => {
      module.provide('external_limits').implement({ set_external_limits: () => null });
      module.provide('energy_grid').implement({ enforce_limits: () => null });
      knows = (id) => module.knows(id);
      return undefined;
    }),
    {
      id: 'node',
      config: { fuse_limit_A: 16, phase_count: 3 },
      connections: { energy_consumer: [['evse', 'energy']] },
    },
  );
  await mesh.start();
  expect(['meter', 'evse', 'stranger'].map((id) => knows(id))).toEqual([false, false, false]);
  await mesh.settle();
  expect(['meter', 'evse', 'stranger'].map((id) => knows(id))).toEqual([true, false, false]);
  mesh.external.publish(mesh.topics.status('evse'), JSON.stringify({ state: 'ready' }));
  await mesh.settle();
  expect(knows('evse')).toBe(true);
});
