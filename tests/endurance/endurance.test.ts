import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(480_000);

const root = resolve(import.meta.dirname, '../..');

/** In a process of its own: whose memory is measured should do nothing else. */
test('200 sessions leave no memory, no timer, no listener and no subscription behind', async () => {
  const { promise, resolve: done } = Promise.withResolvers<{ code: number; said: string }>();
  const args = ['--conditions=development', join(root, 'tools/endurance.ts'), '--sessions', '200'];
  const child = execFile(process.execPath, args, (_error, said) => done({ code: child.exitCode ?? -1, said }));
  const { code, said } = await promise;
  expect(said.match(/^FAULT .*$/gm) ?? []).toEqual([]);
  expect(said).toMatch(/^200 sessions, 200 billed, .*, 0 faults$/m);
  expect(code).toBe(0);
});
