import { TestMesh } from '@chargemesh/testkit';
import { afterEach, expect, test } from '@jest/globals';
import { EvAPIModule } from '../../src/index.ts';

let mesh: TestMesh;
afterEach(() => mesh.stop());

async function startMesh() {
  mesh = new TestMesh();
  const cars = ['car_1', 'car_2'].map((id) => mesh.probe(id, { ev_manager: 'ev_manager' }));
  mesh.add(EvAPIModule, {
    id: 'ev_api',
    connections: {
      ev_manager: [
        ['car_1', 'ev_manager'],
        ['car_2', 'ev_manager'],
      ],
    },
  });
  await mesh.start();
  return cars;
}
const said = (topic: string) => mesh.external.messages(topic).map(({ payload }) => payload);
const statesOf = (id: string) => said(`everest_api/${id}/var/session_info`).map((text) => JSON.parse(text).state);

test('says each second which cars there are and what they are at', async () => {
  const [car] = await startMesh();
  expect(said('everest_api/ev_connectors')).toEqual(['["car_1","car_2"]']);
  expect(said('everest_api/car_1/var/datetime')).toEqual(['2026-01-01T00:00:00.000Z']);
  expect(said('everest_api/car_1/var/session_info')).toEqual([
    '{"datetime":"2026-01-01T00:00:00.000Z","state":"Unknown"}',
  ]);
  for (const event of ['B', 'C', 'PowerOn']) car?.publish('ev_manager', 'bsp_event', { event });
  await mesh.clock.advance(1000);
  expect(statesOf('car_1')).toEqual(['Unknown', 'C']);
  expect(statesOf('car_2')).toEqual(['Unknown', 'Unknown']);
  await mesh.clock.advance(3000);
  expect(said('everest_api/ev_connectors')).toHaveLength(5);
});

test('passes on what a car tells of itself as soon as it does', async () => {
  const [car] = await startMesh();
  car?.publish('ev_manager', 'ev_info', { soc: 42.5, battery_capacity: 60_000 });
  await mesh.settle();
  expect(said('everest_api/car_1/var/ev_info').map((text) => JSON.parse(text))).toEqual([
    { soc: 42.5, battery_capacity: 60_000 },
  ]);
  expect(mesh.external.messages('everest_api/#').some(({ retained }) => retained)).toBe(false);
});
