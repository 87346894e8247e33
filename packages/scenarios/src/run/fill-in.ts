import type { World } from '../world/world.ts';

/** Puts values in the place of `$tx1`: the id of the newest transaction of connector 1. */
export function fillIn<T>(value: T, world: World): T {
  return replace(value, (connectorId) => {
    const { transactions } = world.csms.ledger(world.station);
    return transactions.findLast((transaction) => transaction.connectorId === connectorId)?.id ?? null;
  }) as T;
}

function replace(value: unknown, transactionOf: (connectorId: number) => number | null): unknown {
  if (typeof value === 'string') {
    const connector = /^\$tx(\d+)$/.exec(value)?.[1];
    return connector === undefined ? value : transactionOf(Number(connector));
  }
  if (Array.isArray(value)) return value.map((item) => replace(item, transactionOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, transactionOf)]));
}
