import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { announceMesh, ControlServer, controlSocketPath, defaultStateFolder } from '@chargemesh/manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findMesh } from '../../src/support/find-mesh.ts';
import { runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const root = temporaryFolder();
const saved = { XDG_STATE_HOME: process.env.XDG_STATE_HOME, CHARGEMESH_STATE: process.env.CHARGEMESH_STATE };
const ends: (() => unknown)[] = [];
let number = 0;

beforeEach(() => {
  number += 1;
  process.env.XDG_STATE_HOME = join(root, String(number));
  delete process.env.CHARGEMESH_STATE;
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  for (const [name, value] of Object.entries(saved)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** Plays a mesh that answers `who` with its name. */
async function mesh(name: string, state = join(root, String(number), name)): Promise<string> {
  mkdirSync(state, { recursive: true });
  const server = new ControlServer(silentLogger);
  server.register({ who: () => name });
  const socket = controlSocketPath(state, process.env);
  await server.listen(socket);
  const forget = announceMesh({ pid: 7, since: '', config: `/c/${name}.yaml`, state, socket }, process.env);
  ends.push(forget, () => server.close());
  return state;
}

async function who(target: Parameters<typeof findMesh>[0]): Promise<unknown> {
  const client = await findMesh(target);
  const name = await client.call('who');
  client.close();
  return name;
}

describe('which mesh is meant', () => {
  test('the only one that runs', async () => {
    await mesh('one');
    expect(await who({})).toBe('one');
  });

  test('the one with that state folder, among several', async () => {
    const state = await mesh('one');
    await mesh('two');
    expect(await who({ state })).toBe('one');
    process.env.CHARGEMESH_STATE = state;
    expect(await who({})).toBe('one');
  });

  test('the one of that configuration', async () => {
    await mesh('other');
    await mesh('mine', defaultStateFolder('/c/mine.yaml', process.env));
    expect(await who({ config: '/c/mine.yaml' })).toBe('mine');
  });

  test('one that was killed does not count', async () => {
    await mesh('one');
    const state = join(root, String(number), 'dead');
    ends.push(announceMesh({ pid: 8, since: '', config: '', state, socket: join(state, 'control.sock') }, process.env));
    expect(await who({})).toBe('one');
  });
});

describe('where it is not clear', () => {
  test('none runs: how to start one, and exit code 3', async () => {
    expect(await runCli('status')).toEqual({
      code: 3,
      out: '',
      err: 'chargemesh: no mesh runs here: start one with "./mesh up"\n',
    });
  });

  test('several run: which ones, and how to say it', async () => {
    const states = [await mesh('one'), await mesh('two')];
    const { code, err } = await runCli('status');
    expect(code).toBe(3);
    expect(err).toContain('2 meshes run: say which one is meant');
    for (const state of states) expect(err).toContain(`--state ${state}   (/c/`);
  });

  test('none with that state folder', async () => {
    await mesh('one');
    const { code, err } = await runCli('plug', '1', '--state', '/nowhere');
    expect([code, err]).toEqual([3, 'chargemesh: no mesh runs with the state folder /nowhere\n']);
  });
});
