import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { EnergyTrader } from '../../src/trade/energy-trader.ts';
import { defaults } from '../energy-request.ts';

/** What the reference's bus carried, where recordings of it lie beside the repository. */
const folder = fileURLToPath(new URL('../../../../../shared/reference/golden/', import.meta.url));
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^bus-.*\.gz$/.test(name)) : [];
const NODE = 'everest/modules/grid_connection_point/impl/energy_grid';

interface Recorded {
  readonly t: number;
  readonly topic: string;
  readonly payload: string;
}

function read(name: string): Recorded[] {
  const lines = gunzipSync(readFileSync(`${folder}${name}`)).toString();
  return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Recorded]));
}

(files.length > 0 ? describe : describe.skip)('every trade that was recorded', () => {
  test.each(files)('%s', (name) => {
    const trader = new EnergyTrader(defaults);
    const trees: types.energy.EnergyFlowRequest[] = [];
    let trades = 0;
    for (const { t, topic, payload } of read(name)) {
      if (topic === `${NODE}/var/energy_flow_request`) trees.push(JSON.parse(payload).data.data);
      if (topic !== `${NODE}/cmd/enforce_limits`) continue;
      // A tree that arrived while the reference was trading was not part of it.
      const results = trees.slice(-4).flatMap((tree) => trader.trade(tree, t * 1000 - 3));
      expect(results).toContainEqual(JSON.parse(payload).data.args.value);
      trades++;
    }
    expect(trades).toBeGreaterThan(0);
  });
  if (files.length === 0) test('is not at hand', () => {});
});
