import { expect, test } from '@jest/globals';
import { fuzz } from '../../tools/fuzz/fuzz-run.ts';

test('the station meets broken frames in each of its states as OCPP-J wants it', async () => {
  const tally = await fuzz({ frames: 8_000, seed: 16 });
  expect(tally.violations).toEqual([]);
  expect(tally.missing).toEqual([]);
  expect(tally.part('mutated')).toBeGreaterThan(0.5);
}, 60_000);
