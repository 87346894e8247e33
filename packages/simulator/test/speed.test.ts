import { expect, test } from '@jest/globals';
import { speedOf } from '../src/speed.ts';

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
