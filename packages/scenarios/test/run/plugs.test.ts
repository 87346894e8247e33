import { Topics } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { Plugs } from '../../src/run/plugs.ts';

const topics = new Topics({ mesh: 'everest/', external: '', telemetry: '' });
const evse = (number: number, boardId: string | undefined) => ({
  evse: number,
  moduleId: `evse_manager_${number}`,
  connectorId: number,
  boardId,
  car: undefined,
});
const layout = {
  evses: [evse(1, 'yeti_driver_1'), evse(2, undefined)],
  cardTopics: [],
  ocppModuleId: undefined,
  authModuleId: undefined,
};

test('a plug is free once the board has seen it, whatever it says of its relay since', () => {
  const plugs = new Plugs({ layout, topics });
  const say = (event: string, { board = 'yeti_driver_1', retained = false } = {}): void =>
    plugs.take({
      topic: topics.variable(board, 'board_support', 'event'),
      payload: JSON.stringify({ data: { data: { event } }, msg_type: 'Var' }),
      retained,
      atMs: 0,
    });
  expect(plugs.isFree(1)).toBe(false);
  say('A');
  say('PowerOff');
  expect(plugs.isFree(1)).toBe(true);
  say('B');
  expect(plugs.isFree(1)).toBe(false);
  say('A', { retained: true });
  say('A', { board: 'yeti_driver_2' });
  expect([plugs.isFree(1), plugs.isFree(2)]).toEqual([false, false]);
  say('F');
  expect(plugs.isFree(1)).toBe(false);
});
