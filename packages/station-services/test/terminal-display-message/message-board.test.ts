import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { MessageBoard } from '../../src/terminal-display-message/message-board.ts';

type DisplayMessage = types.display_message.DisplayMessage;

function message(id: number | undefined, over: Partial<DisplayMessage> = {}): DisplayMessage {
  return { ...(id !== undefined && { id }), message: { content: `text ${id}` }, ...over };
}

describe('the messages of a display', () => {
  test('are found by number, priority and state, all of what is asked for', () => {
    const board = new MessageBoard();
    board.put([
      message(1, { priority: 'AlwaysFront', state: 'Idle' }),
      message(2, { priority: 'InFront', state: 'Idle' }),
      message(3, { priority: 'InFront', state: 'Charging' }),
    ]);
    const ids = (request: types.display_message.GetDisplayMessageRequest) => board.find(request).map(({ id }) => id);
    expect(ids({})).toEqual([1, 2, 3]);
    expect(ids({ id: [3, 1, 9] })).toEqual([1, 3]);
    expect(ids({ priority: 'InFront' })).toEqual([2, 3]);
    expect(ids({ state: 'Idle' })).toEqual([1, 2]);
    expect(ids({ state: 'Idle', priority: 'InFront', id: [1, 2] })).toEqual([2]);
    expect(ids({ id: [] })).toEqual([]);
  });

  test('are replaced by number, and taken away', () => {
    const board = new MessageBoard();
    board.put([message(1), message(2)]);
    board.put([message(1, { message: { content: 'another' } })]);
    expect(board.find({ id: [1] })).toEqual([message(1, { message: { content: 'another' } })]);
    expect([board.remove(1), board.remove(1)]).toEqual([true, false]);
    expect(board.find({})).toEqual([message(2)]);
  });

  test('without a number are not kept', () => {
    const board = new MessageBoard();
    expect(board.put([message(undefined)])).toBe(true);
    expect(board.find({})).toEqual([]);
  });

  test('are a hundred at most: one more is refused with all that came along, a new text for an old number is not', () => {
    const board = new MessageBoard();
    expect(board.put(Array.from({ length: 100 }, (_, id) => message(id)))).toBe(true);
    expect(board.put([message(0), message(100)])).toBe(false);
    expect(board.find({})).toHaveLength(100);
    expect(board.put([message(0, { message: { content: 'new' } })])).toBe(true);
    expect(board.find({ id: [0] })).toMatchObject([{ message: { content: 'new' } }]);
  });
});
