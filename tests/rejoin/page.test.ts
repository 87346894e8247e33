import { type Contracts, loadContracts } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { builtinModules } from '../../packages/manager/src/modules/registry.ts';

/** That the manifests say all that docs/reference/rejoin.md is made of. */

const contracts: Contracts = loadContracts();
const modules = Object.keys(builtinModules);

test('each module with code says what becomes of it, and no other does', () => {
  expect(contracts.moduleNames.filter((name) => contracts.manifest(name).rejoin !== undefined)).toEqual(modules.sort());
});

describe.each(modules)('%s', (name) => {
  const { provides, requires } = contracts.manifest(name);

  test('says of each state how it is learned again, and of no event but one with a journal', () => {
    for (const [implementation, { again = {}, interface: of }] of Object.entries(provides)) {
      const { variables } = contracts.interface(of);
      const wanted = Object.keys(variables).filter(
        (variable) => variables[variable]?.kind === 'state' || again[variable] === 'journal',
      );
      expect([implementation, ...Object.keys(again).sort()]).toEqual([implementation, ...wanted.sort()]);
      for (const [variable, how] of Object.entries(again))
        expect([variable, how === 'journal']).toEqual([variable, variables[variable]?.kind === 'event']);
    }
  });

  test('says what it does about each connection that can be made', () => {
    const provided = new Set(
      modules.flatMap((other) => Object.values(contracts.manifest(other).provides).map((part) => part.interface)),
    );
    const silent = Object.entries(requires).filter(
      ([, requirement]) => provided.has(requirement.interface) && requirement.rejoin === undefined,
    );
    expect(silent.map(([requirement]) => requirement)).toEqual([]);
  });
});
