import type { Clock } from '@chargemesh/base';
import { TransferError } from './transfer-error.ts';

/** How often something is tried. */
export interface RetryPlan {
  readonly clock: Clock;
  /** The first try included; at least 1. */
  readonly attempts: number;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** Hears of a try that failed and is not the last. */
  readonly onRetry: (error: unknown, attempt: number) => void;
}

/** How often and how far apart a request wants its tries; what it leaves out the module's configuration says. */
export interface RetryRequest {
  readonly retries?: number;
  readonly retry_interval_s?: number;
}

/** The same as the configuration has it. */
export interface RetryDefaults {
  readonly retries: number;
  readonly intervalS: number;
}

/** The tries of a request. */
export function triesOf(request: RetryRequest, defaults: RetryDefaults): Pick<RetryPlan, 'attempts' | 'intervalMs'> {
  return {
    attempts: request.retries ?? defaults.retries,
    intervalMs: (request.retry_interval_s ?? defaults.intervalS) * 1000,
  };
}

/**
 * Tries until it works, nothing is gained by another try, or the tries are used up.
 * @throws what the last try threw; the signal's reason where it was told to end
 */
export async function withRetries(
  { clock, attempts, intervalMs, signal, onRetry }: RetryPlan,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || (error instanceof TransferError && error.isLasting)) throw error;
      onRetry(error, attempt);
    }
    await pause(clock, intervalMs, signal);
  }
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
