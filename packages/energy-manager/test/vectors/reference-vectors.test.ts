import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { type EnergyManagerConfig, EnergyTrader } from '../../src/trade/energy-trader.ts';
import { applyPatches, type Patch } from './apply-patches.ts';

/** The reference's own vectors, where a copy of them lies beside the repository. */
const folder = fileURLToPath(new URL('../../../../../shared/reference/data/energy-manager/', import.meta.url));
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

interface Vector {
  start_times: string[];
  config: EnergyManagerConfig;
  request: types.energy.EnergyFlowRequest;
  expected_results: Record<string, unknown>[][];
}

function read(name: string): Vector {
  const content = JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as { basefile?: string; patches?: Patch[] };
  const vector = content.basefile ? applyPatches(read(content.basefile), content.patches ?? []) : content;
  return vector as unknown as Vector;
}

/** The reference counts in 32-bit floats, and its vectors carry a member that the interface does not have. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1e4) / 1e4;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key]) => key !== 'schedule_setpoints');
  return Object.fromEntries(members.map(([key, member]) => [key, rounded(member)]));
}

(files.length > 0 ? describe : describe.skip)('the reference’s vectors', () => {
  test.each(files)('%s', (name) => {
    const vector = read(name);
    const trader = new EnergyTrader(vector.config);
    for (const [run, start] of vector.start_times.entries()) {
      const results = trader.trade(vector.request, parseTimestamp(start) ?? Number.NaN);
      expect(rounded(results)).toEqual(rounded(vector.expected_results[run]));
    }
  });
  if (files.length === 0) test('are not at hand', () => {});
});
