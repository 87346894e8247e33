import { expect, test } from '@jest/globals';
import { Readiness } from '../src/readiness.ts';

function readiness(needsWord: boolean) {
  let begun = 0;
  return { ready: new Readiness(needsWord, () => begun++), begun: () => begun };
}

test('without a word to wait for, an EVSE begins when the past is looked after', () => {
  const { ready, begun } = readiness(false);
  expect(ready.word()).toBe(false);
  expect(begun()).toBe(0);
  ready.recovered();
  expect(begun()).toBe(1);
  expect(ready.begun).toBe(true);
});

test.each([
  ['before', ['word', 'recovered']],
  ['after', ['recovered', 'word']],
] as const)('a word that comes %s that is waited for, and a second one changes nothing', (_, order) => {
  const { ready, begun } = readiness(true);
  ready[order[0]]();
  expect(ready.begun).toBe(false);
  ready[order[1]]();
  expect(begun()).toBe(1);
  expect(ready.word()).toBe(true);
  expect(begun()).toBe(1);
});
