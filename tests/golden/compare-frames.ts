import { readableFrames } from './readable-frame.ts';
import type { RecordedFrame } from './scenario.ts';

/** A car begins to charge and is cut off a second sooner or later. */
const ENERGY_TOLERANCE = 0.5;

/**
 * Compares two recordings frame by frame: order, fields and values, times and message ids left out.
 * @returns one line a difference, `- ` what only the reference has, `+ ` what only we have; empty where they are equal
 */
export function compareFrames(reference: readonly RecordedFrame[], ours: readonly RecordedFrame[]): string[] {
  const want = readableFrames(reference);
  const have = readableFrames(ours);
  const differences: string[] = [];
  const common = commonLengths(want, have);
  let a = 0;
  let b = 0;
  while (a < want.length || b < have.length) {
    const [left, right] = [want[a], have[b]];
    if (left && right && left.text === right.text) {
      const [wantWh, haveWh] = [left.energyWh, right.energyWh];
      if (wantWh !== undefined && Math.abs((haveWh ?? 0) - wantWh) > wantWh * ENERGY_TOLERANCE)
        differences.push(`- meterStop ${wantWh}`, `+ meterStop ${haveWh}`);
      a++;
      b++;
    } else if (left && (!right || (common[a + 1]?.[b] ?? 0) >= (common[a]?.[b + 1] ?? 0))) {
      differences.push(`- ${left.text}`);
      a++;
    } else if (right) {
      differences.push(`+ ${right.text}`);
      b++;
    }
  }
  return differences;
}

/** How long the longest common sequence is from each pair of places on. */
function commonLengths(want: readonly { text: string }[], have: readonly { text: string }[]): number[][] {
  const lengths = Array.from({ length: want.length + 1 }, () => new Array<number>(have.length + 1).fill(0));
  for (let a = want.length - 1; a >= 0; a--)
    for (let b = have.length - 1; b >= 0; b--) {
      const row = lengths[a] ?? [];
      const next = lengths[a + 1] ?? [];
      row[b] = want[a]?.text === have[b]?.text ? (next[b + 1] ?? 0) + 1 : Math.max(next[b] ?? 0, row[b + 1] ?? 0);
    }
  return lengths;
}
