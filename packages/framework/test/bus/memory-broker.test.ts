import { expect, test } from '@jest/globals';
import { MemoryBroker } from '../../src/index.ts';

test('knows what its clients hold, until they give it back', async () => {
  const broker = new MemoryBroker();
  const [first, second] = [broker.connect(), broker.connect()];
  const subscription = await first.subscribe(['a/+', 'b'], () => {});
  await second.subscribe(['b'], () => {});
  await second.publish('b', 'kept', { retain: true });
  expect(broker.census).toEqual({ clients: 2, subscriptions: 3, retained: 1 });
  await subscription.close();
  await second.publish('b', '', { retain: true });
  expect(broker.census).toEqual({ clients: 2, subscriptions: 1, retained: 0 });
  await second.close();
  expect(broker.census).toEqual({ clients: 1, subscriptions: 0, retained: 0 });
});
