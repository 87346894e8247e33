import { expect, test } from '@jest/globals';
import { SeededRandom, systemRandom } from '../../src/index.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('the same seed gives the same run, another seed another', () => {
  const run = (seed: number): string[] => {
    const random = new SeededRandom(seed);
    return [random.uuid(), String(random.integer(0, 1000)), String(random.real())];
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});

test.each([
  ['seeded', new SeededRandom(1)],
  ['of the system', systemRandom],
])('%s: integers stay within both ends, uuids are of version 4', (_name, random) => {
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(1, 3)));
  expect([...seen].sort()).toEqual([1, 2, 3]);
  expect(random.uuid()).toMatch(uuid);
  expect(random.real()).toBeLessThan(1);
});
