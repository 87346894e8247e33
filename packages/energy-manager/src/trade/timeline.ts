import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** How the future is cut into slots. */
export interface TimelineOptions {
  /** Minutes from one regular slot to the next. */
  readonly intervalMin: number;
  /** Hours that the regular slots cover. */
  readonly totalH: number;
}

/**
 * The beginnings of the time slots that are traded, epoch milliseconds in ascending order: regular ones from `nowMs` floored to the
 * interval, and one wherever any schedule or setpoint of the tree changes.
 */
export function timeSlots(tree: EnergyFlowRequest, nowMs: number, options: TimelineOptions): number[] {
  const intervalMs = options.intervalMin * 60_000;
  const startMs = Math.floor(nowMs / intervalMs) * intervalMs;
  const count = Math.max(1, Math.floor((options.totalH * 3_600_000) / intervalMs));
  const slots = new Set(Array.from({ length: count }, (_, index) => startMs + index * intervalMs));
  collect(tree, slots);
  return [...slots].sort((a, b) => a - b);
}

function collect(node: EnergyFlowRequest, slots: Set<number>): void {
  for (const schedule of [node.schedule_import, node.schedule_export, node.schedule_setpoints])
    for (const entry of schedule) {
      const atMs = parseTimestamp(entry.timestamp);
      if (atMs !== undefined) slots.add(atMs);
    }
  for (const child of node.children) collect(child, slots);
}

/**
 * Reads a schedule at each slot: the last entry that has begun holds, and before the first one begins, the first one. Of entries
 * with the same time the last in the list wins. An entry whose time cannot be read holds from the beginning, since to pass over a
 * limit could lift it.
 */
export function resample<E extends { readonly timestamp: string }>(
  schedule: readonly E[],
  slots: readonly number[],
): (E | undefined)[] {
  const entries = schedule
    .map((entry) => ({ entry, atMs: parseTimestamp(entry.timestamp) ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.atMs === b.atMs ? 0 : a.atMs - b.atMs));
  let next = 0;
  return slots.map((slotMs) => {
    for (let entry = entries[next]; entry && entry.atMs <= slotMs; entry = entries[next]) next++;
    return entries[Math.max(0, next - 1)]?.entry;
  });
}

/** Which slot holds at that moment: the last one that has begun, or the first. */
export function slotAt(slots: readonly number[], nowMs: number): number {
  let index = 0;
  for (const [at, slotMs] of slots.entries()) if (slotMs <= nowMs) index = at;
  return index;
}
