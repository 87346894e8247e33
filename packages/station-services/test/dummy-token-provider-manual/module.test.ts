import { TestMesh } from '@chargemesh/testkit';
import { afterEach, expect, test } from '@jest/globals';
import { DummyTokenProviderManualModule } from '../../src/index.ts';

let mesh: TestMesh;
afterEach(() => mesh.stop());

async function startMesh(topic?: string) {
  mesh = new TestMesh();
  mesh.add(DummyTokenProviderManualModule, {
    id: 'reader',
    ...(topic === undefined ? {} : { implementations: { main: { mqtt_topic: topic } } }),
  });
  await mesh.start();
}
const tokens = () => mesh.values('reader', 'main', 'provided_token');
const swipe = (payload: string, topic = 'everest_api/reader/cmd/provide') => {
  mesh.external.publish(topic, payload);
  return mesh.settle();
};
const card = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID', connectors: [1] };

test('passes a card on as it is', async () => {
  await startMesh();
  await swipe(JSON.stringify(card));
  expect(tokens()).toEqual([card]);
});

test('listens where the configuration says', async () => {
  await startMesh('everest_api/dummy_token_provider/cmd/provide');
  await swipe(JSON.stringify(card));
  expect(tokens()).toEqual([]);
  await swipe(JSON.stringify(card), 'everest_api/dummy_token_provider/cmd/provide');
  expect(tokens()).toEqual([card]);
});

test.each([
  ['no JSON', '{'],
  ['no object', '"TAG1"'],
  ['no token', '{"authorization_type": "RFID"}'],
  ['an unknown type', JSON.stringify({ ...card, authorization_type: 'Handshake' })],
  ['an unknown member', JSON.stringify({ ...card, colour: 'red' })],
])('refuses %s and reads on', async (_, payload) => {
  await startMesh();
  await swipe(payload);
  await swipe(JSON.stringify(card));
  expect(tokens()).toEqual([card]);
});
