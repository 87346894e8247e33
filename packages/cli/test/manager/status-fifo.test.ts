import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { StatusFifo } from '../../src/manager/status-fifo.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

function makeFifo(): string {
  const path = join(folder, `fifo-${++count}`);
  spawnSync('mkfifo', [path]);
  return path;
}

function readAll(descriptor: number): string {
  const buffer = Buffer.alloc(1 << 20);
  return buffer.toString('utf8', 0, readSync(descriptor, buffer));
}

const openReader = (path: string): number => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);

test('a reader hears whole lines, at once', () => {
  const path = makeFifo();
  const reader = openReader(path);
  const fifo = StatusFifo.open(path, { clock: new VirtualClock(), warn: () => {} });
  fifo.say('MANAGER_INITIALIZING');
  fifo.say('ALL_MODULES_STARTED');
  expect(readAll(reader)).toBe('MANAGER_INITIALIZING\nALL_MODULES_STARTED\n');
  fifo.close();
  closeSync(reader);
});

test('lines wait for a reader, who hears them in order', async () => {
  const path = makeFifo();
  const clock = new VirtualClock();
  const fifo = StatusFifo.open(path, { clock, warn: () => {} });
  fifo.say('one');
  fifo.say('two');
  const reader = openReader(path);
  await clock.advance(100);
  fifo.say('three');
  expect(readAll(reader)).toBe('one\ntwo\nthree\n');
  fifo.close();
  closeSync(reader);
});

test('a full pipe holds nothing up, and loses nothing once it is read', async () => {
  const path = makeFifo();
  const clock = new VirtualClock();
  const reader = openReader(path);
  const fifo = StatusFifo.open(path, { clock, warn: () => {} });
  const line = 'x'.repeat(999);
  for (let index = 0; index < 100; index++) fifo.say(line);
  const first = readAll(reader);
  expect(first.length).toBeLessThan(100_000);
  await clock.advance(100);
  expect(first + readAll(reader)).toBe(`${line}\n`.repeat(100));
  fifo.close();
  closeSync(reader);
});

test('a reader that left is no trouble, and another may come', () => {
  const path = makeFifo();
  const warnings: string[] = [];
  const fifo = StatusFifo.open(path, { clock: new VirtualClock(), warn: (text) => warnings.push(text) });
  const first = openReader(path);
  fifo.say('heard');
  expect(readAll(first)).toBe('heard\n');
  closeSync(first);
  fifo.say('lost');
  const second = openReader(path);
  fifo.say('heard again');
  expect(readAll(second)).toBe('heard again\n');
  expect(warnings).toEqual([]);
  fifo.close();
  closeSync(second);
});

test.each([
  ['a file', () => writeFileSync(join(folder, 'file'), ''), 'file', 'is no named pipe'],
  ['nothing', () => {}, 'nothing', 'cannot be opened'],
])('%s in its place is refused', (_, prepare, name, words) => {
  prepare();
  const open = () => StatusFifo.open(join(folder, name), { clock: new VirtualClock(), warn: () => {} });
  expect(open).toThrow(words);
});
