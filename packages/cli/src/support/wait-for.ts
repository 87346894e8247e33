import { RealClock } from '@chargemesh/base';

/**
 * Waits for something that a listener tells of.
 * @param start is given what to call when it came
 * @returns what came, or undefined where nothing did in time
 */
export async function waitFor<T>(withinMs: number, start: (found: (value: T) => void) => void): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<T | undefined>();
  const timer = new RealClock().setTimer(withinMs, () => resolve(undefined));
  start(resolve);
  const value = await promise;
  timer.cancel();
  return value;
}
