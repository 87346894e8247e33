import { expect, test } from '@jest/globals';
import { timeOfAnswer } from '../../src/boot/time-of-answer.ts';

test('a clock that may be right is left alone, another is set no further than it must be', () => {
  const told = { currentTimeMs: 100_000, tookMs: 16_000 };
  expect(timeOfAnswer(told, 108_000)).toBe(108_000);
  expect(timeOfAnswer(told, 90_000)).toBe(100_000);
  expect(timeOfAnswer(told, 500_000)).toBe(116_000);
  expect(timeOfAnswer({ currentTimeMs: 100_000, tookMs: 0 }, 100_500)).toBe(100_000);
});
