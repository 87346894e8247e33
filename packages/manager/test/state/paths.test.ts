import { describe, expect, test } from '@jest/globals';
import { controlSocketPath, defaultStateFolder, stateRoot } from '../../src/index.ts';

const environment = { XDG_STATE_HOME: '/home/u/state', XDG_RUNTIME_DIR: '/run/user/7' };

describe('the state folder', () => {
  test('lies below the folder of the user', () => {
    expect(stateRoot(environment)).toBe('/home/u/state/chargemesh');
    expect(stateRoot({ XDG_STATE_HOME: 'relative' })).toMatch(/^\/.*\/\.local\/state\/chargemesh$/);
  });

  test('is named for its configuration, and another one for each file of that name', () => {
    const one = defaultStateFolder('/a/config.yaml', environment);
    expect(one).toMatch(/^\/home\/u\/state\/chargemesh\/config-[0-9a-f]{8}$/);
    expect(defaultStateFolder('/a/../a/config.yaml', environment)).toBe(one);
    expect(defaultStateFolder('/b/config.yaml', environment)).not.toBe(one);
  });
});

describe('the control socket', () => {
  test('lies in the state folder', () => {
    expect(controlSocketPath('/home/u/state/x', environment)).toBe('/home/u/state/x/control.sock');
  });

  test('lies elsewhere where its path would be too long, another one for each folder', () => {
    const long = `/home/u/${'x'.repeat(100)}`;
    const path = controlSocketPath(long, environment);
    expect(path).toMatch(/^\/run\/user\/7\/chargemesh-[0-9a-f]{8}\.sock$/);
    expect(controlSocketPath(`${long}y`, environment)).not.toBe(path);
    expect(controlSocketPath(long, {})).toMatch(/chargemesh-[0-9a-f]{8}\.sock$/);
  });

  test('counts bytes, not letters', () => {
    expect(controlSocketPath(`/home/u/${'ü'.repeat(50)}`, environment)).toMatch(/^\/run\/user/);
  });
});
