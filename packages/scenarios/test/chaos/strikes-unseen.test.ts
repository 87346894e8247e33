import { expect, test } from '@jest/globals';
import { type Extent, generate } from '../../src/chaos/generate.ts';
import { strikesUnseen } from '../../src/chaos/strikes-unseen.ts';
import type { Step } from '../../src/language/scenario.ts';

const reason = (...steps: Step[]) => strikesUnseen({ name: 'any', steps });

test('a full disk, and what is inside of a commit, are for virtual time alone', () => {
  expect(reason({ strike: { window: 'before-commit', how: 'disk', of: 'StartTransaction' } })).toMatch('disk');
  expect(reason({ attempt: { strike: { window: 'after-commit', how: 'kill', of: 'answer' } } })).toMatch('answer');
  expect(reason({ strike: { window: 'after-commit', how: 'kill', of: 'TransactionStarted' } }, { plug: 1 })).toBe(
    undefined,
  );
});

test('what is made up for real processes can be played with them', () => {
  const plan: Extent['plan'] = { modules: ['ocpp'], apart: true, time: 'real', atMostS: 3 };
  const extent: Extent = { plan, evses: 2, actions: [4, 8], pauseS: 3, settle: '3 min' };
  for (let seed = 0; seed < 100; seed++) expect(strikesUnseen(generate(seed, extent).scenario)).toBe(undefined);
});
