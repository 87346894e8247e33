import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { SlacMatching } from '../../src/slac-simulator/slac-matching.ts';

function makeMatching() {
  const clock = new VirtualClock();
  const log: string[] = [];
  const matching = new SlacMatching(clock, {
    state: (side, state) => log.push(`${side} ${state}`),
    dlinkReady: (side, ready) => log.push(`${side} ready ${ready}`),
  });
  return { clock, matching, happened: () => log.splice(0) };
}

test('both sides find each other two seconds after the second began to look', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  await clock.advance(10_000);
  expect(happened()).toEqual(['evse MATCHING']);
  matching.look('ev');
  await clock.advance(1999);
  expect(happened()).toEqual(['ev MATCHING']);
  await clock.advance(1);
  expect(happened()).toEqual(['evse MATCHED', 'evse ready true', 'ev MATCHED', 'ev ready true']);
});

test('a side that leaves loses its link, and says so only once', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  matching.look('ev');
  await clock.advance(2000);
  happened();
  matching.leave('evse');
  matching.leave('evse');
  expect(happened()).toEqual(['evse UNMATCHED', 'evse ready false']);
});

test('a side that gave up is not matched', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  matching.look('ev');
  matching.leave('ev');
  await clock.advance(60_000);
  expect(happened()).toEqual(['evse MATCHING', 'ev MATCHING', 'ev UNMATCHED']);
});

test('an EVSE that gives up its search says that there is no link; a car does not', () => {
  const { matching, happened } = makeMatching();
  matching.leave('evse');
  expect(happened()).toEqual([]);
  matching.look('evse');
  matching.look('ev');
  happened();
  matching.leave('evse');
  matching.leave('ev');
  expect(happened()).toEqual(['evse UNMATCHED', 'evse ready false', 'ev UNMATCHED']);
});

test('the span counts anew from each side that begins to look', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  matching.look('ev');
  await clock.advance(1500);
  matching.leave('evse');
  matching.look('evse');
  happened();
  await clock.advance(1999);
  expect(happened()).toEqual([]);
  await clock.advance(1);
  expect(happened()).toContain('evse MATCHED');
});

test('a side that is matched looks for nobody else', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  matching.look('ev');
  await clock.advance(2000);
  happened();
  matching.look('evse');
  matching.look('ev');
  await clock.advance(60_000);
  expect(happened()).toEqual([]);
});

test('an EVSE that looks again finds its car only when that looks again as well', async () => {
  const { clock, matching, happened } = makeMatching();
  matching.look('evse');
  matching.look('ev');
  await clock.advance(2000);
  matching.leave('evse');
  matching.look('evse');
  happened();
  await clock.advance(60_000);
  expect(happened()).toEqual([]);
  matching.leave('ev');
  matching.look('ev');
  await clock.advance(2000);
  expect(happened().slice(-4)).toEqual(['evse MATCHED', 'evse ready true', 'ev MATCHED', 'ev ready true']);
});
