import type { Clock } from './clock.ts';

/**
 * Waits for work, but not for ever. What comes late goes on by itself.
 * @returns what came of it, or `late`
 * @throws what the work throws in time; what it throws later is dropped
 */
export async function within<T>(
  clock: Pick<Clock, 'setTimer'>,
  limitMs: number,
  work: Promise<T>,
): Promise<T | 'late'> {
  const late = Promise.withResolvers<'late'>();
  const timer = clock.setTimer(limitMs, () => late.resolve('late'));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    timer.cancel();
  }
}
