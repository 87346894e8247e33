import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { type Bus, ClockSync, MemoryBroker, Topics } from '../../src/index.ts';

const topics = new Topics();
const topic = `${topics.own}clock`;

/** Runs on between two looks at it, as the clock of a machine does. */
class RunningClock extends VirtualClock {
  #looks = 0;

  override wallMs(): number {
    return super.wallMs() + this.#looks++;
  }
}

async function meshOf(
  processes: number,
): Promise<{ broker: MemoryBroker; buses: Bus[]; clocks: RunningClock[]; told: string[] }> {
  const broker = new MemoryBroker();
  const clocks = Array.from({ length: processes }, () => new RunningClock());
  const buses = clocks.map(() => broker.connect());
  for (const [at, clock] of clocks.entries()) await new ClockSync(clock, buses[at] as Bus, topics).start();
  const told: string[] = [];
  await broker.connect().subscribe([topic], ({ payload }) => void told.push(payload));
  return { broker, buses, clocks, told };
}

test('who sets the time tells the others once, and all have the same', async () => {
  const { clocks, told } = await meshOf(3);
  clocks[0]?.setWall(0);
  await clocks[0]?.settle();
  const offsets = clocks.map((clock) => clock.wallOffsetMs());
  expect(new Set(offsets).size).toBe(1);
  expect(told).toEqual([JSON.stringify({ offset_ms: offsets[0] })]);
});

test('two who set it at once end up with one time', async () => {
  const { clocks, told } = await meshOf(3);
  clocks[0]?.setWallOffset(1000);
  clocks[1]?.setWallOffset(2000);
  await clocks[0]?.settle();
  expect(new Set(clocks.map((clock) => clock.wallOffsetMs())).size).toBe(1);
  expect(told.length).toBe(2);
});

test('what was set while the broker was away is told when it is back', async () => {
  const { broker, clocks } = await meshOf(2);
  broker.crash();
  clocks[0]?.setWallOffset(1000);
  await clocks[0]?.settle();
  broker.recover();
  await clocks[0]?.settle();
  expect(clocks.map((clock) => clock.wallOffsetMs())).toEqual([1000, 1000]);
});

test('what is no offset is not followed', async () => {
  const { buses, clocks } = await meshOf(1);
  for (const payload of ['', 'noon', 'null', '{"offset_ms":"1"}', '{"offset_ms":null}', '[]'])
    await buses[0]?.publish(topic, payload);
  await clocks[0]?.settle();
  expect(clocks[0]?.wallOffsetMs()).toBe(0);
});
