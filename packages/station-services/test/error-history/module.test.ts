import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ErrorHistoryModule } from '../../src/index.ts';

let folder: string;
let mesh: TestMesh;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-'));
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true });
});

async function startMesh() {
  mesh = new TestMesh({ stateDir: folder });
  mesh.add(ErrorHistoryModule, {
    id: 'error_history',
    implementations: { error_history: { database_path: join(folder, 'errors.db') } },
  });
  const board = mesh.probe('yeti', { board_support: 'evse_board_support' });
  await mesh.start();
  return board;
}
const states = async () =>
  ((await mesh.call('error_history', 'error_history', 'get_errors', { filters: {} })) as { state: string }[]).map(
    ({ state }) => state,
  );

test('hears of errors of any module, and knows at the next boot what became of them', async () => {
  const board = await startMesh();
  board.raise('board_support', { type: 'evse_board_support/DiodeFault' });
  board.raise('board_support', { type: 'ac_rcd/DC', severity: 'Low' });
  await mesh.settle();
  expect(await states()).toEqual(['Active', 'Active']);
  board.clear('board_support', 'ac_rcd/DC');
  await mesh.settle();
  expect(await states()).toEqual(['Active', 'ClearedByModule']);
  await mesh.stop();
  await startMesh();
  expect(await states()).toEqual(['ClearedByReboot', 'ClearedByModule']);
});

test('an error of a module with a short name is no reason to answer nothing', async () => {
  const board = await startMesh();
  board.raise('board_support', { type: 'evse_board_support/DiodeFault' });
  const short = { module_id: 'm', implementation_id: 'i' };
  const data = { type: 'a/B', state: 'Active', uuid: 'u1', timestamp: '', origin: short };
  mesh.external.publish(mesh.topics.error('m', 'i', 'a/B'), JSON.stringify({ msg_type: 'RaiseError', data }));
  await mesh.settle();
  expect(await states()).toEqual(['Active']);
});

test('one that was repaired while only the history was away is closed, one that goes on is open', async () => {
  const board = await startMesh();
  board.raise('board_support', { type: 'evse_board_support/DiodeFault' });
  board.raise('board_support', { type: 'evse_board_support/BrownOut' });
  await mesh.settle();
  await mesh.kill('error_history');
  board.clear('board_support', 'evse_board_support/DiodeFault');
  await mesh.startModule('error_history');
  const goesOn = mesh.messages.findLast(({ topic }) => topic.endsWith('error/evse_board_support/BrownOut'));
  const { data } = JSON.parse(goesOn?.payload ?? '{}');
  mesh.external.publish(mesh.topics.keptErrors('yeti', 'board_support'), JSON.stringify([data]));
  await mesh.sayReady();
  expect(await states()).toEqual(['ClearedByReboot', 'Active']);
});
