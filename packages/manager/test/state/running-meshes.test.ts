import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { announceMesh, listMeshes, type RunningMesh } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const environment = { XDG_STATE_HOME: temporaryFolder() };
const mesh = (state: string): RunningMesh => ({
  pid: 7,
  since: '2026-01-01T00:00:00.000Z',
  config: '/a/config.yaml',
  state,
  socket: `${state}/control.sock`,
});

test('a mesh is listed from its announcement until it takes it back', () => {
  expect(listMeshes(environment)).toEqual([]);
  const forget = announceMesh(mesh('/s/one'), environment);
  const forgetOther = announceMesh(mesh('/s/two'), environment);
  expect(listMeshes(environment)).toEqual(expect.arrayContaining([mesh('/s/one'), mesh('/s/two')]));
  forget();
  expect(listMeshes(environment)).toEqual([mesh('/s/two')]);
  forgetOther();
  forgetOther();
  expect(listMeshes(environment)).toEqual([]);
});

test('a mesh that is started again with the same state folder is listed once', () => {
  announceMesh(mesh('/s/one'), environment);
  announceMesh({ ...mesh('/s/one'), pid: 8 }, environment)();
  expect(listMeshes(environment)).toEqual([]);
});

test('a note that was half written is passed over', () => {
  const folder = join(environment.XDG_STATE_HOME, 'chargemesh', 'running');
  const forget = announceMesh(mesh('/s/one'), environment);
  writeFileSync(join(folder, 'half.json'), '{"pid":');
  expect(readdirSync(folder)).toHaveLength(2);
  expect(listMeshes(environment)).toEqual([mesh('/s/one')]);
  forget();
});
