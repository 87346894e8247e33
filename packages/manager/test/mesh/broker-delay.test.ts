import { type Logger, SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { type Bus, MemoryBroker, Topics } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { warnOfDelay } from '../../src/mesh/broker-delay.ts';

/** A bus on which each message takes so long. */
function slowBus(clock: VirtualClock, delayMs: number): Bus {
  const bus = new MemoryBroker().connect();
  const publish: Bus['publish'] = async (...message) => {
    await clock.sleep(delayMs);
    await bus.publish(...message);
  };
  return new Proxy(bus, {
    get: (target, key) => (key === 'publish' ? publish : Reflect.get(target, key).bind?.(target)),
  });
}

test.each([
  [44, 1],
  [1, 0],
])('a broker that takes %i ms brings %i warnings', async (delayMs, warnings) => {
  const clock = new VirtualClock();
  const said: string[] = [];
  const log: Logger = { ...silentLogger, warn: (message) => said.push(message) };
  const done = warnOfDelay(slowBus(clock, delayMs), new Topics(), { clock, random: new SeededRandom(1), log });
  await clock.advance(5000);
  await done;
  expect(said).toHaveLength(warnings);
  for (const line of said) expect(line).toContain('set_tcp_nodelay');
});
