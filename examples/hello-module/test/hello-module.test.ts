import { resolve } from 'node:path';
import { loadContracts } from '@chargemesh/contracts';
import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import HelloModule from '../HelloModule/index.ts';

test('greets, and counts the greetings', async () => {
  const mesh = new TestMesh({ contracts: loadContracts([resolve(import.meta.dirname, '../HelloModule')]) });
  mesh.add(HelloModule, { id: 'hello', config: { greeting: 'Moin' } });
  await mesh.start();
  expect(await mesh.call('hello', 'main', 'greet', { name: 'Ada' })).toBe('Moin, Ada!');
  await expect(mesh.call('hello', 'main', 'greet', { name: '' })).rejects.toMatchObject({
    type: 'SchemaValidationError',
  });
  expect(mesh.values('hello', 'main', 'greetings')).toEqual([1]);
});
