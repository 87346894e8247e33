import { expect, test } from '@jest/globals';
import { stopOrder } from '../../src/mesh/stop-order.ts';

const uses = (id: string, ...peers: string[]) => ({
  id,
  connections: Object.fromEntries(peers.map((moduleId, index) => [`r${index}`, [{ moduleId }]])),
});

test('who uses a module goes before it; who has nothing to do with each other, together', () => {
  const order = stopOrder([
    uses('board'),
    uses('evse', 'board'),
    uses('ocpp', 'evse', 'store'),
    uses('store'),
    uses('auth', 'evse'),
  ]);
  expect(order.map((group) => group.sort())).toEqual([['auth', 'ocpp'], ['evse'], ['board', 'store']]);
});

test('a ring is broken, and everybody stops once', () => {
  const order = stopOrder([
    uses('auth', 'ocpp', 'evse'),
    uses('ocpp', 'auth', 'evse'),
    uses('evse', 'board'),
    uses('board'),
  ]);
  expect(order.flat().sort()).toEqual(['auth', 'board', 'evse', 'ocpp']);
  expect(order.at(-1)).toEqual(['board']);
  expect(order.at(-2)).toEqual(['evse']);
});

test('a connection to nobody does no harm', () => {
  expect(stopOrder([uses('evse', 'board')])).toEqual([['evse']]);
  expect(stopOrder([])).toEqual([]);
});
