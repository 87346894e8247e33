import { expect, test } from '@jest/globals';
import type { Strike } from '../../src/chaos/strike.ts';
import { Tally } from '../../src/chaos/tally.ts';

const hit = (window: Strike['window'], how: Strike['how']) => ({
  strike: { window, how },
  moduleId: 'ocpp',
  of: ['StartTransaction'],
  atMs: 0,
});

test('a window in which nothing struck is named', () => {
  const tally = new Tally();
  const hits = [hit('before-commit', 'disk'), hit('after-commit', 'kill'), hit('after-send', 'power')];
  tally.add({ seed: 7, faults: ['kill auth', 'kill auth'], hits, failures: ['lost'], tookMs: 3_600_000 });
  expect(tally.missing).toEqual(['before-answer', 'replay']);
  expect(tally.failed).toEqual([7]);
  const lines = tally.lines();
  expect(lines).toContain("1 runs, 1.0 h of the station's time");
  expect(lines.some((line) => /^\s+2 {2}kill auth$/.test(line))).toBe(true);
  expect(lines).toContain('MISSING: no fault struck before the answer');
  tally.add({
    seed: 8,
    faults: [],
    hits: [hit('before-answer', 'link'), hit('replay', 'kill')],
    failures: [],
    tookMs: 0,
  });
  expect(tally.missing).toEqual([]);
});
