import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { type ConfiguredModule, type Finding, prepareMesh, stationLayout } from '@chargemesh/manager';
import { describe, expect, test } from '@jest/globals';
import { deriveEvses } from '../../src/support/derive-evses.ts';

function derive(config: string, count: number): { findings: readonly Finding[]; modules: readonly ConfiguredModule[] } {
  const configFile = join(repositoryFolder, config);
  const { findings, configuration } = prepareMesh({
    configFile,
    environment: {},
    transform: (text) => deriveEvses(text, count),
  });
  return { findings, modules: configuration?.modules ?? [] };
}

const configs = ['config-sil-ocpp.yaml', 'config/config-sil-one-evse.yaml'];

describe.each(configs)('from %s', (config) => {
  test.each([1, 2, 4])('a station of %i EVSEs is valid', (count) => {
    const { findings, modules } = derive(config, count);
    expect(findings).toEqual([]);
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const { evses } = stationLayout(modules);
    expect(evses.map(({ evse }) => evse)).toEqual(numbers);
    expect(evses.map(({ connectorId }) => connectorId)).toEqual(numbers);
    expect(evses.map(({ car }) => car?.connectorId)).toEqual(numbers);
    expect(new Set(evses.map(({ moduleId }) => moduleId)).size).toBe(count);
    const managers = modules.filter(({ name }) => name === 'EvseManager');
    expect(new Set(managers.map(({ config: { evse_id } }) => evse_id)).size).toBe(count);
    const boards = managers.map(({ connections }) => connections.bsp?.map(({ moduleId }) => moduleId));
    expect(new Set(boards.map(String)).size).toBe(count);
  });

  test('every EVSE is known to Auth, OCPP and the energy tree, as the first is', () => {
    const { modules } = derive(config, 4);
    const users = (id: string): string[] =>
      modules
        .filter(({ connections }) =>
          Object.values(connections)
            .flat()
            .some(({ moduleId }) => moduleId === id),
        )
        .map(({ id: user }) => user.replace(/(?<!\d)\d(?!\d)/, 'N'))
        .sort();
    const managers = modules.filter(({ name }) => name === 'EvseManager').map(({ id }) => id);
    expect(managers).toHaveLength(4);
    for (const id of managers) expect(users(id)).toEqual(users(managers[0] ?? ''));
    const boards = modules.filter(({ name }) => name === 'YetiSimulator');
    expect(boards.map(({ mapping }) => mapping?.module?.evse).sort()).toEqual([1, 2, 3, 4]);
  });
});

test('as many as there are changes nothing', () => {
  const plain = prepareMesh({ configFile: join(repositoryFolder, 'config-sil-ocpp.yaml'), environment: {} });
  expect(derive('config-sil-ocpp.yaml', 2).modules).toEqual(plain.configuration?.modules);
});

test.each([0, 257, 1e9])('there is no station of %i EVSEs', (count) => {
  expect(() => derive('config-sil-ocpp.yaml', count)).toThrow(
    expect.objectContaining({ code: 'CLI_USAGE', exitCode: 2, message: `--evses ${count}: it is from 1 to 256` }),
  );
});
