import { silentLogger } from '@chargemesh/base';
import { type BusMessage, MemoryBroker, Topics } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { KeptValues } from '../../src/mesh/kept-values.ts';

const topics = new Topics();
const limits = topics.keptVariable('evse', 'evse', 'limits');
const errors = topics.keptErrors('evse', 'evse');
const others = topics.keptVariable('other', 'evse', 'limits');

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

async function start() {
  const broker = new MemoryBroker();
  const module = broker.connect();
  for (const topic of [limits, errors, others]) await module.publish(topic, 'x', { retain: true });
  const kept = async (): Promise<string[]> => {
    const found: string[] = [];
    const late = broker.connect();
    await late.subscribe([`${topics.own}#`], ({ topic, retained }: BusMessage) => retained && found.push(topic));
    await settle();
    await late.close();
    return found;
  };
  return { module, kept, values: new KeptValues(broker.connect(), topics, silentLogger) };
}

test('what a module had kept goes with it, and nothing else', async () => {
  const { kept, values } = await start();
  expect(await kept()).toEqual([limits, errors, others]);
  values.died('evse');
  await settle();
  expect(await kept()).toEqual([others]);
});

test('what it keeps when it is back stays', async () => {
  const { module, kept, values } = await start();
  values.died('evse');
  await settle();
  values.returns('evse');
  await module.publish(limits, 'y', { retain: true });
  await settle();
  expect(await kept()).toEqual([others, limits]);
});

test('it is back before anything was cleared: that is its own concern then', async () => {
  const { kept, values } = await start();
  values.died('evse');
  values.returns('evse');
  await settle();
  expect(await kept()).toEqual([limits, errors, others]);
});

test('it may die again', async () => {
  const { module, kept, values } = await start();
  values.died('evse');
  await settle();
  values.returns('evse');
  await module.publish(limits, 'y', { retain: true });
  values.died('evse');
  await settle();
  expect(await kept()).toEqual([others]);
});

test('what a run that was cut off has left goes before the next begins, but for modules that may have gone on', async () => {
  const { kept, values } = await start();
  await values.forgetFormerRun(new Set(['other']));
  expect(await kept()).toEqual([others]);
  await values.forgetFormerRun(new Set());
  expect(await kept()).toEqual([]);
});

test('where the connection breaks before all was heard it does not wait for ever', async () => {
  const bus = new MemoryBroker().connect();
  const lose = Promise.withResolvers<(connected: boolean) => void>();
  const values = new KeptValues(
    {
      connected: true,
      subscribe: (filters, listener, options) => bus.subscribe(filters, listener, options),
      // It was confirmed, and is lost on its way back.
      publish: async () => {},
      onConnection: (listener) => lose.resolve(listener),
      close: () => bus.close(),
    },
    topics,
    silentLogger,
  );
  const forgotten = values.forgetFormerRun(new Set());
  (await lose.promise)(false);
  await expect(forgotten).rejects.toMatchObject({ code: 'BUS_DISCONNECTED' });
});
