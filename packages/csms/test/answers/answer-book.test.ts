import { describe, expect, test } from '@jest/globals';
import { AnswerBook } from '../../src/answers/answer-book.ts';
import { type Behaviour, mergePatch } from '../../src/answers/behaviour.ts';

const NEVER: Behaviour = { kind: 'never' };
const GARBAGE: Behaviour = { kind: 'garbage' };
const DEFAULT: Behaviour = { kind: 'default' };

describe('the answers that were set', () => {
  test('the next two, then as it should', () => {
    const book = new AnswerBook();
    book.set('StartTransaction', NEVER, { next: 2 });
    expect(book.list()).toEqual([{ action: 'StartTransaction', behaviour: NEVER, station: null, left: 2 }]);
    expect(book.take('Heartbeat', 'a')).toEqual(DEFAULT);
    expect([1, 2, 3].map(() => book.take('StartTransaction', 'a').kind)).toEqual(['never', 'never', 'default']);
    expect(book.list()).toEqual([]);
  });

  test('what is for the next few stands before what is for all', () => {
    const book = new AnswerBook();
    book.set('Heartbeat', GARBAGE);
    book.set('Heartbeat', NEVER, { next: 1 });
    book.set('Heartbeat', DEFAULT, { next: 1 });
    expect([1, 2, 3, 4].map(() => book.take('Heartbeat', 'a').kind)).toEqual([
      'default',
      'never',
      'garbage',
      'garbage',
    ]);
  });

  test('for one station, and for all actions', () => {
    const book = new AnswerBook();
    book.set('*', NEVER, { station: 'a' });
    expect(book.take('Heartbeat', 'a')).toEqual(NEVER);
    expect(book.take('Heartbeat', 'b')).toEqual(DEFAULT);
  });

  test('an instruction takes the place of the last one of its kind', () => {
    const book = new AnswerBook();
    book.set('Heartbeat', NEVER);
    book.set('Heartbeat', GARBAGE);
    expect(book.list()).toHaveLength(1);
    book.set('Heartbeat', DEFAULT);
    expect(book.list()).toEqual([]);
  });

  test('one station can be answered well while all others are not', () => {
    const book = new AnswerBook();
    book.set('Heartbeat', NEVER);
    book.set('Heartbeat', DEFAULT, { station: 'a' });
    expect(book.take('Heartbeat', 'a')).toEqual(DEFAULT);
    expect(book.take('Heartbeat', 'b')).toEqual(NEVER);
    book.reset();
    expect(book.take('Heartbeat', 'b')).toEqual(DEFAULT);
  });
});

test('a payload is merged as RFC 7396 says', () => {
  expect(mergePatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: 3 }, d: [9] })).toEqual({
    a: { c: 2, e: 3 },
    d: [9],
  });
});
