import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { FolderLock } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const root = temporaryFolder();
const clock = new VirtualClock();
const acquire = (folder: string, name = 'mesh') => FolderLock.acquire(join(root, folder), name, clock);

function held(lock: ReturnType<typeof acquire>): FolderLock {
  if (!(lock instanceof FolderLock)) throw new RangeError('the lock was refused');
  return lock;
}

test('a second holder is refused, and told who the first is', () => {
  const first = held(acquire('one'));
  expect(acquire('one')).toEqual({ holder: { pid: process.pid, since: expect.stringMatching(/Z$/) } });
  first.release();
  held(acquire('one')).release();
});

test('locks of different names and folders do not meet', () => {
  const locks = [acquire('two'), acquire('two', 'evse_1'), acquire('three')].map(held);
  for (const lock of locks) lock.release();
});

test('another process is refused, and a lock that its killed holder left is taken', async () => {
  const folder = join(root, 'killed');
  const holder = fork(join(import.meta.dirname, 'hold-lock.ts'), [folder], { execArgv: ['--conditions=development'] });
  expect(await once(holder, 'message')).toEqual(['held', undefined]);
  expect(acquire('killed')).toMatchObject({ holder: { pid: holder.pid } });
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  held(acquire('killed')).release();
});

test('a folder that cannot be written to is named', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => acquire('file')).toThrow(
    expect.objectContaining({ code: 'STATE_UNUSABLE', message: expect.stringContaining(join(root, 'file')) }),
  );
});
