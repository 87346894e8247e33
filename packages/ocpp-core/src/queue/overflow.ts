import type { NormalQueue } from './normal-queue.ts';
import type { TransactionQueue } from './transaction-queue.ts';

/** How large a part of the normal messages goes at once. */
const CHUNK = 0.1;

/**
 * Brings both queues together down to `limit`: normal messages go first, oldest first; then every second MeterValues, never the last
 * one and never the one at the head, which may be in flight. Starts, stops and security events stay, however many (C-65).
 * @returns how many messages were dropped
 */
export function makeRoom(transactions: TransactionQueue, normal: NormalQueue, limit: number): number {
  let dropped = 0;
  const excess = (): number => transactions.length + normal.length - limit;
  while (excess() > 0 && normal.length > 0) {
    const chunk = Math.max(1, Math.ceil(normal.length * CHUNK));
    dropped += normal.drop((_, index) => index < chunk, { kind: 'undelivered', reason: 'overflow' });
  }
  while (excess() > 0) {
    const values = transactions.messages().filter(({ action }, index) => index > 0 && action === 'MeterValues');
    const unwanted = new Set(values.slice(0, -1).filter((_, index) => index % 2 === 0));
    if (unwanted.size === 0) break;
    dropped += transactions.removeWhere((message) => unwanted.has(message));
  }
  return dropped;
}
