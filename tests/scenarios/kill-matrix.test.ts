import { join } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { play, type Scenario, type Step } from '@chargemesh/scenarios';
import { describe, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');

/** A session by its phases: what leads to each, and what follows when the victim has died in it. */
const phases: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  { name: 'idle', steps: [] },
  { name: 'plugged in', steps: [{ plug: 1 }, { wait: '2 s' }] },
  { name: 'authorised', steps: [{ swipe: { evse: 1, card: 'DEADBEEF' } }, { status: { evse: 1, transaction: true } }] },
  { name: 'charging', steps: [{ status: { evse: 1, is: 'Charging' } }, { wait: '15 s' }] },
  {
    name: 'stopped',
    steps: [{ swipe: { evse: 1, card: 'DEADBEEF' } }, { status: { evse: 1, is: 'Finishing' } }, { wait: '1 s' }],
  },
  { name: 'unplugged', steps: [{ unplug: 1 }, { status: { evse: 1, is: 'Available' } }] },
];

const modules = [
  'auth',
  'energy_manager',
  'error_history',
  'evse_manager_1',
  'evse_manager_1_api_sink',
  'evse_manager_1_ocpp_sink',
  'evse_security',
  'grid_connection_point',
  'ocpp',
  'persistent_store',
  'slac',
  'system',
  'token_provider_1',
];

/** The module is back, and what it missed is made up for. */
const RECOVERY: Step = { wait: '10 s' };

describe.each(modules)('%s is killed', (module) => {
  test.each(phases.map(({ name }, index) => [name, index] as const))('%s', async (_name, index) => {
    const steps = phases.flatMap(({ steps: own }, at): readonly Step[] =>
      at === index ? [...own, { kill: module }, RECOVERY] : own,
    );
    const scenario: Scenario = {
      name: `${module} dies`,
      steps: [...steps, { ledger: [{ connectorId: 1, idTag: 'DEADBEEF', reason: 'Local', energyWh: '> 0' }] }],
    };
    const read = {
      scenario,
      file: 'kill-matrix',
      configFile: join(root, 'config-sil-ocpp.yaml'),
      lines: steps.map((_step, line) => line),
    };
    const { failures } = await play(read, { world: { kind: 'virtual', seed: 1 }, log: silentLogger });
    expect(failures).toEqual([]);
  });
});
