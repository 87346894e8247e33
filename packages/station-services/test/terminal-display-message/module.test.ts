import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { TerminalDisplayMessageModule } from '../../src/index.ts';

async function startMesh() {
  const mesh = new TestMesh();
  mesh.add(TerminalDisplayMessageModule, { id: 'display' });
  await mesh.start();
  const call = (command: string, request: unknown) => mesh.call('display', 'display_message', command, { request });
  return { mesh, call };
}

test('shows messages until they are taken away', async () => {
  const { mesh, call } = await startMesh();
  const hello = { id: 7, priority: 'InFront', message: { content: 'hello', format: 'UTF8', language: 'en' } };
  expect(await call('set_display_message', [hello])).toEqual({ status: 'Accepted' });
  expect(await call('get_display_messages', {})).toEqual({ messages: [hello] });
  expect(await call('clear_display_message', { id: 7 })).toEqual({ status: 'Accepted' });
  expect(await call('clear_display_message', { id: 7 })).toEqual({ status: 'Unknown' });
  expect(await call('get_display_messages', {})).toEqual({ messages: [] });
  await mesh.stop();
});

test('refuses no messages, and too many', async () => {
  const { mesh, call } = await startMesh();
  expect(await call('set_display_message', [])).toMatchObject({ status: 'Rejected' });
  const many = Array.from({ length: 101 }, (_, id) => ({ id, message: { content: 'x' } }));
  expect(await call('set_display_message', many)).toMatchObject({ status: 'Rejected' });
  await mesh.stop();
});
