import { formatTimestamp, parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type ScheduleReqEntry = types.energy.ScheduleReqEntry;
type PricePerkWh = types.energy_price_information.PricePerkWh;

interface Timed {
  readonly timestamp: string;
}

/** When an entry begins; one whose time cannot be read holds from the beginning. */
const beginsMs = (entry: Timed): number => parseTimestamp(entry.timestamp) ?? Number.NEGATIVE_INFINITY;

/** A schedule in the order of time; entries of the same time stay in the order in which they were given. */
export function inOrder<E extends Timed>(schedule: readonly E[]): E[] {
  return [...schedule].sort((a, b) => (beginsMs(a) === beginsMs(b) ? 0 : beginsMs(a) - beginsMs(b)));
}

/** A schedule in the order of time without what is over: entries that a later one has replaced already. */
export function notOver<E extends Timed>(schedule: readonly E[], nowMs: number): E[] {
  const ordered = inOrder(schedule);
  const current = ordered.findLastIndex((entry) => beginsMs(entry) <= nowMs);
  return ordered.slice(Math.max(0, current));
}

/** When the next entry of these schedules begins, or undefined when nothing more changes. */
export function nextChangeMs(schedules: readonly (readonly Timed[])[], nowMs: number): number | undefined {
  const ahead = schedules.flatMap((schedule) => schedule.map(beginsMs)).filter((atMs) => atMs > nowMs);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

/**
 * Whether two schedules say the same from now on: what is over plays no part, and neither does when the present entry began.
 */
export function saysTheSame<E extends Timed>(first: readonly E[], second: readonly E[], nowMs: number): boolean {
  const said = (schedule: readonly E[]): string =>
    JSON.stringify(notOver(schedule, nowMs).map((entry, index) => (index === 0 ? { ...entry, timestamp: '' } : entry)));
  return said(first) === said(second);
}

/**
 * Limits and prices in one schedule: an entry wherever either changes. The first entry of each list holds from the beginning.
 * @returns the limits as they are where there are no prices
 */
export function withPrices(limits: readonly ScheduleReqEntry[], prices: readonly PricePerkWh[]): ScheduleReqEntry[] {
  const [orderedLimits, orderedPrices] = [inOrder(limits), inOrder(prices)];
  const firstMs = orderedLimits[0] && beginsMs(orderedLimits[0]);
  if (firstMs === undefined || orderedPrices.length === 0) return [...limits];
  const changes = [...orderedLimits, ...orderedPrices].map(beginsMs).filter((atMs) => atMs >= firstMs);
  return [...new Set(changes)]
    .sort((a, b) => a - b)
    .flatMap((atMs) => {
      const [limit, price] = [heldAt(orderedLimits, atMs), heldAt(orderedPrices, atMs)];
      if (!limit || !price) return [];
      const timestamp = Number.isFinite(atMs) ? formatTimestamp(atMs) : limit.timestamp;
      return [{ ...limit, timestamp, price_per_kwh: price }];
    });
}

function heldAt<E extends Timed>(ordered: readonly E[], atMs: number): E | undefined {
  return ordered.findLast((entry) => beginsMs(entry) <= atMs) ?? ordered[0];
}
