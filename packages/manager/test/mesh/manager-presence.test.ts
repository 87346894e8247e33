import { VirtualClock } from '@chargemesh/base';
import { MemoryBroker, Topics } from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { ManagerPresence, ManagerWatch } from '../../src/mesh/manager-presence.ts';

const topics = new Topics();

function station() {
  const broker = new MemoryBroker();
  const clock = new VirtualClock();
  const reasons: string[] = [];
  const manager = async (run: string, options: Record<string, string> = {}) => {
    const bus = broker.connect({ will: ManagerPresence.will(topics) });
    const presence = new ManagerPresence(topics, { ...options, run });
    await presence.announce(bus);
    return { bus, presence };
  };
  const watch = async () => {
    const begun = await ManagerWatch.start(broker.connect(), topics, clock);
    void begun.gone.then((reason) => reasons.push(reason));
    return begun;
  };
  return { broker, clock, reasons, manager, watch };
}

describe('a module that its manager did not start', () => {
  test('has the options of the manager, whichever of the two comes first', async () => {
    const { clock, manager, watch } = station();
    const early = await watch();
    expect(early.options).toBeUndefined();
    await manager('a', { csms: 'ws://csms:9000/' });
    const late = await watch();
    await clock.advance(0);
    expect(early.options).toEqual({ csms: 'ws://csms:9000/', run: 'a' });
    expect(late.options).toEqual({ csms: 'ws://csms:9000/', run: 'a' });
  });

  test('is not told the password, which anyone at the broker could read', async () => {
    const { clock, manager, watch } = station();
    await manager('a', { password: 'secret' });
    const watched = await watch();
    await clock.advance(0);
    expect(watched.options).toEqual({ run: 'a' });
  });

  test('ends at once when the manager takes its leave', async () => {
    const { clock, reasons, manager, watch } = station();
    const { bus, presence } = await manager('a');
    await watch();
    await clock.advance(0);
    await presence.leave(bus);
    await clock.advance(0);
    expect(reasons).toEqual(['the manager ended']);
  });

  test('ends at once when another run of the manager shows up', async () => {
    const { clock, reasons, manager, watch } = station();
    await manager('a');
    await watch();
    await clock.advance(0);
    await manager('b');
    await clock.advance(0);
    expect(reasons).toEqual(['the manager was started anew']);
  });

  test('ends when the manager vanished, five seconds later', async () => {
    const { clock, reasons, manager, watch } = station();
    const { bus } = await manager('a');
    await watch();
    await clock.advance(0);
    bus.drop();
    await clock.advance(4_999);
    expect(reasons).toEqual([]);
    await clock.advance(1);
    expect(reasons).toEqual(['the manager is gone']);
  });

  test('stays when only the connection of the manager broke', async () => {
    const { clock, reasons, manager, watch } = station();
    const { bus } = await manager('a');
    await watch();
    await clock.advance(0);
    bus.drop();
    await clock.advance(3_000);
    await manager('a');
    await clock.advance(60_000);
    expect(reasons).toEqual([]);
  });

  test('ends when all modules are told to shut down', async () => {
    const { broker, clock, reasons, watch } = station();
    await watch();
    await broker.connect().publish(topics.shutdown, 'true');
    await clock.advance(0);
    expect(reasons).toEqual(['the manager tells all modules to end']);
  });

  test('waits for a new manager where the old one has left', async () => {
    const { clock, reasons, manager, watch } = station();
    const { bus, presence } = await manager('a');
    await presence.leave(bus);
    const watched = await watch();
    await clock.advance(10_000);
    await manager('b');
    await clock.advance(0);
    expect(watched.options).toEqual({ run: 'b' });
    expect(reasons).toEqual([]);
  });
});
