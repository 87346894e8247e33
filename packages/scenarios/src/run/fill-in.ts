import { formatTimestamp } from '@chargemesh/base';
import { durationMs } from '../language/duration.ts';
import type { World } from '../world/world.ts';

/**
 * Puts values in the place of words: `$tx1` is the id of the newest transaction of connector 1, `$now` the time of the CSMS, and
 * `$now + 30 s` (or `-`) a time beside it, as OCPP writes it.
 * @throws ChargemeshError `SCENARIO_DURATION` where what stands beside `$now` is no time
 */
export function fillIn<T>(value: T, world: Pick<World, 'csms' | 'station' | 'clock'>): T {
  return replace(value, (text) => {
    const connector = /^\$tx(\d+)$/.exec(text)?.[1];
    if (connector !== undefined) return newestTransaction(world, Number(connector));
    const beside = /^\$now(.*)$/.exec(text)?.[1];
    if (beside === undefined) return text;
    return formatTimestamp(world.clock.wallMs() + durationMs(beside.replace(/\s/g, '') || 0));
  }) as T;
}

function newestTransaction({ csms, station }: Pick<World, 'csms' | 'station'>, connectorId: number): number | null {
  const { transactions } = csms.ledger(station);
  return transactions.findLast((transaction) => transaction.connectorId === connectorId)?.id ?? null;
}

function replace(value: unknown, meaningOf: (text: string) => unknown): unknown {
  if (typeof value === 'string') return meaningOf(value);
  if (Array.isArray(value)) return value.map((item) => replace(item, meaningOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, meaningOf)]));
}
