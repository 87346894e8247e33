import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Mesh, ModuleState } from '../../src/index.ts';
import { LineLogger, PlayedMesh, untilModules } from '../mesh/played-mesh.ts';

const text = `active_modules:
  reader: {module: DummyTokenProviderManual}
  store: {module: PersistentStore}
`;
const program = {
  command: process.execPath,
  args: [
    '--conditions=development',
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'run-child.ts'),
  ],
};
const clock = new RealClock();
let played: PlayedMesh;
beforeEach(() => {
  played = new PlayedMesh();
});
afterEach(() => played.close());

const stateOf = (mesh: Mesh, id: string): ModuleState | undefined => mesh.modules().find((module) => module.id === id);
const allReady = (mesh: Mesh) => untilModules(mesh, (modules) => modules.every(({ state }) => state === 'ready'));

test('one module has a process of its own, and comes back when that is killed', async () => {
  const log = new LineLogger();
  const mesh = await played.start(text, { isolate: ['store'], program, log });
  await mesh.ready;
  await allReady(mesh);
  const pid = stateOf(mesh, 'store')?.pid ?? 0;
  expect(pid).not.toBe(process.pid);
  expect(stateOf(mesh, 'reader')?.pid).toBe(process.pid);
  process.kill(pid, 'SIGKILL');
  await untilModules(mesh, (modules) => modules.some(({ id, state }) => id === 'store' && state === 'gone'));
  await allReady(mesh);
  expect(stateOf(mesh, 'store')).toMatchObject({ restarts: 1 });
  expect(stateOf(mesh, 'store')?.pid).not.toBe(pid);
  expect(stateOf(mesh, 'reader')).toMatchObject({ restarts: 0, pid: process.pid });
  expect(log.lines).toContain('error module store died: it was ended by SIGKILL');
  expect(log.lines).toContain('warn module store is started again in 0.2 s');
  const beforeMs = clock.monotonicMs();
  await mesh.stop();
  expect(clock.monotonicMs() - beforeMs).toBeLessThan(2_000);
}, 20_000);

test('a program that ends at once three times ends the mesh, with its reason', async () => {
  const mesh = await played.start(text, {
    isolate: ['store'],
    program: { command: process.execPath, args: ['-e', 'process.exit(3)', '--'] },
  });
  await expect(mesh.ready).rejects.toMatchObject({
    code: 'MODULE_START',
    message: 'module store does not come up: it ended itself with exit code 3',
  });
  expect(await mesh.ended).toMatchObject({ kind: 'failed' });
}, 10_000);

test('a program that there is not ends the mesh', async () => {
  const program = { command: '/nowhere/node', args: [] };
  const mesh = await played.start(text, { isolate: 'all', program });
  await expect(mesh.ready).rejects.toMatchObject({
    code: 'MODULE_START',
    message: expect.stringContaining('/nowhere/node'),
  });
});

test('modules that are to be isolated need a program', async () => {
  await expect(played.start(text, { isolate: 'all' })).rejects.toMatchObject({ code: 'MESH_LAYOUT' });
});

test('a module that runs elsewhere with this state folder is not run a second time, and can be once it has ended', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'chargemesh-shared-'));
  try {
    const mesh = await played.start(text, { isolate: ['store'], program, stateFolder });
    await mesh.ready;
    await allReady(mesh);
    const other = await played.start(text, { stateFolder });
    await expect(other.ready).rejects.toMatchObject({ code: 'MODULE_RUNS' });
    await other.stop();
    await mesh.stop();
    const again = await played.start(text, { isolate: ['reader'], program, stateFolder });
    await again.ready;
    await again.stop();
  } finally {
    rmSync(stateFolder, { recursive: true, force: true });
  }
}, 20_000);
