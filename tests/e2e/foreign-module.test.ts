import { randomUUID } from 'node:crypto';
import { afterEach, expect, jest, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { MeshProcess, until } from './mesh-process.ts';

jest.setTimeout(60_000);

const mesh = new MeshProcess();
let client: MqttClient | undefined;
afterEach(async () => {
  await client?.endAsync();
  await mesh.end();
});

const ID = 'persistent_store';
const calls: { command: string; args: Record<string, unknown> }[] = [];

/** A key-value store that knows nothing of us but the wire format: envelopes and topics written out by hand. */
async function join(port: number): Promise<MqttClient> {
  const store = new Map<string, unknown>();
  const bare = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const publish = (topic: string, data: unknown, type: string): Promise<unknown> =>
    bare.publishAsync(`everest/${topic}`, JSON.stringify({ data, msg_type: type }), { qos: 2 });
  const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
    store: ({ key, value }) => {
      store.set(String(key), value);
      return null;
    },
    load: ({ key }) => store.get(String(key)) ?? null,
    exists: ({ key }) => store.has(String(key)),
    delete: ({ key }) => {
      store.delete(String(key));
      return null;
    },
  };
  const told = new Promise<{ module_config: { module_name: string } }>((resolve) => {
    bare.on('message', (topic, payload) => {
      const text = payload.toString();
      if (text === '') return;
      if (topic === `everest/modules/${ID}/response`) resolve(JSON.parse(text).data.response.data);
      const command = /\/impl\/main\/cmd\/(\w+)$/.exec(topic)?.[1];
      if (command === undefined) return;
      const { args, id, origin } = JSON.parse(text).data;
      calls.push({ command, args });
      const data = { id, origin: ID, retval: answers[command]?.(args) ?? null };
      void publish(`modules/${ID}/impl/main/cmd/${command}/response/${origin}`, { data, type: 'result' }, 'CmdResult');
    });
  });
  await bare.subscribeAsync(
    [`everest/modules/${ID}/response`, `everest/modules/${ID}/impl/main/cmd/+`, 'everest/ready'],
    { qos: 2 },
  );
  await publish('config/request', { origin: ID, request: { type: 'Module' }, type: 'Get' }, 'ConfigurationRequest');
  expect((await told).module_config.module_name).toBe('PersistentStore');
  const ready = new Promise<void>((resolve) => bare.on('message', (topic) => topic === 'everest/ready' && resolve()));
  await publish(`modules/${ID}/ready`, true, 'ModuleReady');
  await ready;
  return bare;
}

/** Calls a command as any module would, and waits for its answer. */
async function call(bare: MqttClient, target: string, args: unknown): Promise<unknown> {
  const id = randomUUID();
  const topic = `everest/modules/${target}`;
  await bare.subscribeAsync(`${topic}/response/${ID}`, { qos: 2 });
  const answer = new Promise((resolve) =>
    bare.on('message', (from, payload) => {
      if (from !== `${topic}/response/${ID}`) return;
      const { data } = JSON.parse(payload.toString()).data;
      if (data.id === id) resolve(data.retval ?? data.error);
    }),
  );
  await bare.publishAsync(topic, JSON.stringify({ data: { args, id, origin: ID }, msg_type: 'Cmd' }), { qos: 2 });
  return await answer;
}

test('a module that knows only the wire format joins the mesh, is called, and calls', async () => {
  await mesh.up(['config/config-sil-one-evse.yaml', '--standalone', ID, '--log-level', 'warn'], 'waiting at broker');
  const port = Number(/broker 127\.0\.0\.1:(\d+)/.exec(mesh.said)?.[1]);
  client = await join(port);
  await until('the accepted boot', async () => mesh.said.includes('boot accepted'));
  await until('a question of the EVSE', async () => calls.some(({ command }) => command === 'load'));
  expect(await call(client, 'evse_manager_1/impl/evse/cmd/get_evse', null)).toEqual({
    id: 1,
    connectors: [{ id: 1, type: 'cType2' }],
  });
  const refused = await call(client, 'evse_manager_1/impl/evse/cmd/enable_disable', { connector_id: 'one' });
  expect(refused).toMatchObject({ __everest__error_type: 'SchemaValidationError' });
  await mesh.do('plug', '1');
  await mesh.do('swipe', '1', 'DEADBEEF');
  await until('the session in the store', async () =>
    calls.some(
      ({ command, args }) => command === 'store' && args.key === 'evse_manager_1_session' && args.value !== '',
    ),
  );
});
