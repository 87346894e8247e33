import type { Clock, Logger, Random } from '@chargemesh/base';
import type { Bus, Topics } from '@chargemesh/framework';

const SAMPLES = 10;
const PAUSE_MS = 100;
/** Nagle's algorithm and a delayed acknowledgement cost some 40 ms; a broker on this machine answers within one. */
const SLOW_MS = 20;

/**
 * How long a message takes through the broker and back, in milliseconds: the shortest of a few, so that a busy machine is not taken for a slow
 * broker.
 */
export async function brokerDelayMs(
  bus: Bus,
  topics: Topics,
  { clock, random }: { clock: Clock; random: Random },
): Promise<number> {
  const topic = `${topics.own}manager/echo/${random.uuid()}`;
  let echoed: () => void = () => {};
  const subscription = await bus.subscribe([topic], () => echoed());
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const startMs = clock.monotonicMs();
    const echo = new Promise<void>((resolve) => {
      echoed = resolve;
    });
    await bus.publish(topic, String(sample));
    await echo;
    times.push(clock.monotonicMs() - startMs);
    await clock.sleep(PAUSE_MS);
  }
  await subscription.close();
  return Math.min(...times);
}

/** Says so where an outside broker delays each message, and what to do about it. */
export async function warnOfDelay(
  bus: Bus,
  topics: Topics,
  ports: { clock: Clock; random: Random; log: Logger },
): Promise<void> {
  const delayMs = await brokerDelayMs(bus, topics, ports);
  if (delayMs > SLOW_MS)
    ports.log.warn(
      `the broker takes ${delayMs.toFixed(0)} ms for each message: with Mosquitto, set "set_tcp_nodelay true" in its configuration`,
    );
}
