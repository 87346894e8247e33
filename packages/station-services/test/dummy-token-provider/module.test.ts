import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { DummyTokenProviderModule } from '../../src/index.ts';

function makeMesh(config: Record<string, string | number> = {}) {
  const mesh = new TestMesh();
  const evse = mesh.probe('connector_1', { evse: 'evse_manager' });
  mesh.add(DummyTokenProviderModule, {
    id: 'provider',
    implementations: { main: config },
    connections: { evse: [['connector_1', 'evse']] },
  });
  return { mesh, evse };
}
const event = (name: string) => ({ event: name, timestamp: '2026-01-01T00:00:00.000Z', uuid: 'u' });

test.each([
  [{}, { value: 'DEADBEEF' }, {}],
  [{ token: 'CAFE', connector_id: 2 }, { value: 'CAFE' }, { connectors: [2] }],
])('provides its card when a session starts (%j)', async (config, token, rest) => {
  const { mesh, evse } = makeMesh(config);
  await mesh.start();
  evse.publish('evse', 'session_event', event('AuthRequired'));
  evse.publish('evse', 'session_event', event('SessionStarted'));
  await mesh.settle();
  const idToken = { ...token, type: 'ISO14443' };
  expect(mesh.values('provider', 'main', 'provided_token')).toEqual([
    { id_token: idToken, parent_id_token: idToken, authorization_type: 'RFID', ...rest },
  ]);
  await mesh.stop();
});

test('names the key of a configuration that cannot work', async () => {
  const { mesh } = makeMesh({ type: 'Handshake' });
  await expect(mesh.start()).rejects.toThrow('provider: type is Handshake, not one of OCPP, RFID');
});
