import { join, resolve } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { chaosRun, Tally } from '@chargemesh/scenarios';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(180_000);

const root = resolve(import.meta.dirname, '../..');
const SEEDS = 40;
const virtual = { kind: 'virtual' } as const;

test('sessions among faults in virtual time: nothing is lost, and every window is struck', async () => {
  const tally = new Tally();
  const failures: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = await chaosRun({ seed, world: virtual, log: silentLogger });
    tally.add(report);
    failures.push(...report.failures.map((failure) => `seed ${seed}: ${failure}`));
  }
  expect(failures).toEqual([]);
  expect(tally.missing).toEqual([]);
});

test('a seed is played again to the byte, whatever was played before it', async () => {
  const play = async (seed: number) => (await chaosRun({ seed, world: virtual, log: silentLogger })).transcript;
  const first = await play(6);
  await play(7);
  expect((await play(6)).join('\n')).toBe(first.join('\n'));
  expect(first.length).toBeGreaterThan(20);
});

test('sessions among faults with real processes', async () => {
  const program = {
    command: process.execPath,
    args: ['--conditions=development', join(root, 'packages/cli/src/main.ts')],
  };
  const { failures } = await chaosRun({
    seed: 1,
    world: { kind: 'real', layout: 'one', broker: { kind: 'embedded' }, csms: 'ours', program },
    log: silentLogger,
  });
  expect(failures).toEqual([]);
});
