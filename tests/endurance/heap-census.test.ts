import { expect, test } from '@jest/globals';
import { grown, takeHeapCensus } from '../../tools/heap-census.ts';

class Leaked {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

test('what is kept is counted by its class, what is dropped is not', async () => {
  const before = await takeHeapCensus();
  const kept = Array.from({ length: 7 }, (_, number) => new Leaked(number));
  Array.from({ length: 50 }, (_, number) => new Leaked(number));
  const more = grown(before, await takeHeapCensus());
  expect(more.get('object Leaked')).toBe(kept.length);
});
