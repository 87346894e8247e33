import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { prepareMesh, readConfigurationText } from '@chargemesh/manager';
import { play, type Step } from '@chargemesh/scenarios';
import { describe, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const folder = join(process.env.CHARGEMESH_SHARED ?? resolve(repositoryFolder, '../shared'), 'reference/data/configs');

interface Connection {
  readonly module_id: string;
}
interface Configured {
  readonly module: string;
  readonly config_module?: Readonly<Record<string, unknown>>;
  readonly connections?: Readonly<Record<string, readonly Connection[]>>;
}

/** A merge patch that takes out the modules without code here, the connections to them, and folders of the machine for logs. */
function withoutTheMissing(configFile: string): Readonly<Record<string, unknown>> {
  const { findings } = prepareMesh({ configFile, environment: {} });
  const missing = new Set(findings.flatMap(({ message }) => /\((.*)\)$/.exec(message)?.[1]?.split(', ') ?? []));
  const { active_modules: modules } = readConfigurationText(configFile).base.value as {
    active_modules: Readonly<Record<string, Configured>>;
  };
  const patched = Object.entries(modules).map(([id, { config_module, connections = {} }]) => {
    if (missing.has(id)) return [id, null] as const;
    const kept = Object.entries(connections).map(([requirement, list]) => {
      const there = list.filter(({ module_id }) => !missing.has(module_id));
      return [requirement, there.length === 0 && list.length > 0 ? null : there] as const;
    });
    const logsElsewhere = config_module?.session_logging_path !== undefined;
    return [
      id,
      {
        connections: Object.fromEntries(kept),
        ...(logsElsewhere && { config_module: { session_logging_path: null } }),
      },
    ] as const;
  });
  return { active_modules: Object.fromEntries(patched) };
}

const charge = (evse: string, card: Step[]): readonly Step[] => [
  { plug: 1 },
  ...card,
  {
    outside: { topic: `everest_api/${evse}/var/session_info`, value: { state: 'Charging', charged_energy_wh: '> 10' } },
  },
  { unplug: 1 },
  { bus: { module: evse, variable: 'session_event', value: { event: 'TransactionFinished' } } },
  { outside: { topic: `everest_api/${evse}/var/session_info`, value: { state: 'Unplugged' } } },
];
const swipe: Step[] = [{ swipe: { evse: 1, card: 'DEADBEEF' } }];

/** The configurations for AC: by name, whether there is a CSMS, and how a car is charged. */
const configurations: readonly (readonly [name: string, boot: boolean, steps: readonly Step[]])[] = [
  ['config-sil', false, charge('connector_1', [])],
  ['config-sil-two-evse', false, charge('evse_manager_1', swipe)],
  ['config-sil-energy-management', false, charge('evse_manager_1', [])],
  ['config-sil-ocpp-API', true, charge('evse_manager_1', swipe)],
];

(existsSync(folder) ? describe : describe.skip)(
  'a configuration of EVerest charges a car, but for the modules that are not here',
  () => {
    test.each(configurations)('%s', async (name, boot, steps) => {
      const configFile = join(folder, `${name}.yaml`);
      const scenario = { name, config: configFile, patch: withoutTheMissing(configFile), boot, steps };
      const read = { file: configFile, configFile, scenario, lines: steps.map(() => 1) };
      const { failures } = await play(read, { world: { kind: 'virtual', seed: 1 }, log: silentLogger });
      expect(failures).toEqual([]);
    });
  },
);
