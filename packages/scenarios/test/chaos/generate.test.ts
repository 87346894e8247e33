import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { type Extent, generate } from '../../src/chaos/generate.ts';
import { readScenario } from '../../src/language/read-scenario.ts';

const extent = (time: 'virtual' | 'real'): Extent => ({
  plan: { modules: ['ocpp', 'auth'], apart: true, time, atMostS: 10 },
  evses: 2,
  actions: [6, 18],
  pauseS: 10,
  settle: '15 min',
});

test('the same seed makes the same scenario, another one another', () => {
  expect(generate(5, extent('virtual'))).toEqual(generate(5, extent('virtual')));
  expect(generate(6, extent('virtual')).scenario.steps).not.toEqual(generate(5, extent('virtual')).scenario.steps);
});

test('what is made up is a scenario that its reader takes, and ends by healing and settling', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-generate-'));
  try {
    for (let seed = 1; seed <= 60; seed++) {
      const { scenario, faults } = generate(seed, extent(seed % 2 ? 'virtual' : 'real'));
      const file = join(folder, `${seed}.yaml`);
      writeFileSync(file, stringify(scenario));
      const read = readScenario(file);
      expect(read.scenario.steps.slice(-2)).toEqual([{ heal: true }, { settle: '15 min' }]);
      expect(faults.length).toBeLessThanOrEqual(18);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('with real processes no disk is filled and nobody is waited for who never answers', () => {
  const steps = Array.from({ length: 80 }, (_, seed) => generate(seed, extent('real')).scenario.steps).flat();
  const strikes = steps.flatMap((step) => ('strike' in step ? [step.strike.how] : []));
  expect(new Set(strikes)).toEqual(new Set(['kill', 'power', 'link']));
  expect(steps.some((step) => 'answer' in step && step.answer.with === 'never')).toBe(false);
});
