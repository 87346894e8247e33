import { expect, test } from '@jest/globals';
import { meterPeriodMsOf, patienceMsOf, speedOf } from '../src/run-options.ts';

test.each([
  [{}, 1],
  [{ speed: '60' }, 60],
  [{ speed: '0.5' }, 0.5],
  [{ speed: '0' }, 1],
  [{ speed: '-2' }, 1],
  [{ speed: 'fast' }, 1],
])('run options %j make speed %d', (runOptions, speed) => {
  expect(speedOf(runOptions)).toBe(speed);
});

test.each([
  [{}, undefined],
  [{ deadMan: '8' }, 8000],
  [{ deadMan: '0' }, undefined],
  [{ deadMan: 'long' }, undefined],
])('run options %j make a patience of %p ms', (runOptions, patienceMs) => {
  expect(patienceMsOf(runOptions)).toBe(patienceMs);
});

test.each([
  [{}, 1000],
  [{ meterPeriod: '5' }, 5000],
  [{ meterPeriod: '-1' }, 1000],
])('run options %j make a meter period of %d ms', (runOptions, periodMs) => {
  expect(meterPeriodMsOf(runOptions)).toBe(periodMs);
});
