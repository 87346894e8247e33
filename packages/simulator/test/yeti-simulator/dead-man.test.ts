import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { DeadMan } from '../../src/yeti-simulator/dead-man.ts';

function makeDeadMan() {
  const clock = new VirtualClock();
  let silences = 0;
  const deadMan = new DeadMan(clock, () => silences++);
  return { clock, deadMan, silences: () => silences };
}

test('lets go 5 s after the last sign of life, once', async () => {
  const { clock, deadMan, silences } = makeDeadMan();
  for (let beat = 0; beat < 10; beat++) {
    deadMan.heard();
    await clock.advance(1000);
  }
  await clock.advance(3999);
  expect(silences()).toBe(0);
  await clock.advance(1);
  expect(silences()).toBe(1);
  await clock.advance(60_000);
  expect(silences()).toBe(1);
});

test('holds nobody to it who never gave a sign', async () => {
  const { clock, silences } = makeDeadMan();
  await clock.advance(60_000);
  expect(silences()).toBe(0);
});
