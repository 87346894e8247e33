import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contracts, loadContracts } from '@chargemesh/contracts';
import type { ModuleDefinition } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sample } from '../../packages/contracts/test/validate/sample.ts';

/** What docs/reference/rejoin.md says of states and events, for each variable that there is. */

interface Place {
  publish(variable: string, value: unknown): void;
  implement(handlers: object): void;
  subscribe(variable: string, listener: () => void): void;
}

let folder: string;
let contracts: Contracts;
/** All interfaces that have variables. */
let names: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rejoin-'));
  names = loadContracts().interfaceNames.filter((name) => variablesOf(loadContracts(), name).length > 0);
  const part = (text: string): string[] => names.map((name) => `  ${name}: {${text} interface: ${name}}`);
  const metadata = ['metadata: {license: https://opensource.org/licenses/Apache-2.0, authors: [Chargemesh]}', ''];
  const manifests = {
    Teller: ['description: Tells all.', 'provides:', ...part('description: all,'), ...metadata],
    Hearer: ['description: Hears all.', 'requires:', ...part(''), ...metadata],
  };
  for (const [name, lines] of Object.entries(manifests)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'manifest.yaml'), lines.join('\n'));
  }
  contracts = loadContracts(Object.keys(manifests).map((name) => join(folder, name)));
});
afterAll(() => rmSync(folder, { recursive: true }));

function variablesOf(from: Contracts, name: string): [string, 'state' | 'event'][] {
  return Object.entries(from.interface(name).variables).map(([variable, { kind }]) => [variable, kind]);
}

function all(kind?: 'state' | 'event'): string[] {
  return names.flatMap((name) =>
    variablesOf(contracts, name)
      .filter(([, own]) => kind === undefined || own === kind)
      .map(([variable]) => `${name}.${variable}`),
  );
}

async function start() {
  const mesh = new TestMesh({ contracts });
  const places = new Map<string, Place>();
  const heard: string[] = [];
  const teller: ModuleDefinition = {
    name: 'Teller',
    setup: (module: { provide(id: string): Place }) => {
      for (const name of names) {
        const place = module.provide(name);
        place.implement(new Proxy({}, { has: () => true, get: () => () => null }));
        places.set(name, place);
      }
      return undefined;
    },
  };
  const hearer: ModuleDefinition = {
    name: 'Hearer',
    setup: (module: { one(id: string): Place }) => {
      for (const name of names)
        for (const [variable] of variablesOf(contracts, name))
          module.one(name).subscribe(variable, () => heard.push(`${name}.${variable}`));
      return undefined;
    },
  };
  mesh.add(teller, { id: 'teller' });
  mesh.add(hearer, {
    id: 'hearer',
    connections: Object.fromEntries(names.map((name) => [name, [['teller', name] as const]])),
  });
  await mesh.start();
  const tellAll = async (): Promise<void> => {
    for (const name of names)
      for (const [variable, { schema }] of Object.entries(contracts.interface(name).variables))
        places.get(name)?.publish(variable, sample(schema, lookup));
    await mesh.settle();
  };
  const news = (): string[] => heard.splice(0);
  return { mesh, tellAll, news };
}

function lookup(reference: string) {
  const [file = '', type = ''] = reference.slice(1).split('#/');
  return contracts.types(file).types[type] ?? {};
}

test('who listens and comes back is handed each state, once, and no event', async () => {
  const { mesh, tellAll, news } = await start();
  await tellAll();
  expect(news()).toEqual(all());
  await mesh.kill('hearer');
  await mesh.startModule('hearer');
  await mesh.sayReady();
  expect(all('state').length).toBeGreaterThan(40);
  expect(news().sort()).toEqual(all('state').sort());
});

test('who tells and comes back is heard again, and hands out nothing of its former life', async () => {
  const { mesh, tellAll, news } = await start();
  await tellAll();
  await mesh.kill('teller');
  await mesh.startModule('teller');
  await mesh.sayReady();
  news();
  await mesh.kill('hearer');
  await mesh.startModule('hearer');
  await mesh.sayReady();
  expect(news()).toEqual([]);
  await tellAll();
  expect(news()).toEqual(all());
});

test('what was told while the listener was away: the last of each state', async () => {
  const { mesh, tellAll, news } = await start();
  await mesh.kill('hearer');
  await tellAll();
  await tellAll();
  await mesh.startModule('hearer');
  await mesh.sayReady();
  expect(news().sort()).toEqual(all('state').sort());
});
