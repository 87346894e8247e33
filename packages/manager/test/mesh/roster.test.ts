import { expect, test } from '@jest/globals';
import { type ListedModule, Roster } from '../../src/mesh/roster.ts';

const module = (id: string, standalone = false): ListedModule => ({ id, name: 'Auth', mapping: undefined, standalone });

function roster(): { roster: Roster; changes: () => number } {
  const made = new Roster(
    () => [module('auth'), module('system'), module('theirs', true), module('ignored')],
    ['auth', 'system', 'theirs'],
  );
  let changes = 0;
  made.onChange(() => {
    changes += 1;
  });
  return { roster: made, changes: () => changes };
}

test('what is not waited for is none of the missing, and is shown as waiting', () => {
  const { roster: of } = roster();
  expect(of.missing()).toEqual(['auth', 'system', 'theirs']);
  expect(of.awaits('ignored')).toBe(false);
  expect(of.states().map(({ id, state, startedBy }) => [id, state, startedBy])).toEqual([
    ['auth', 'waiting', 'mesh'],
    ['system', 'waiting', 'mesh'],
    ['theirs', 'waiting', 'somebody else'],
    ['ignored', 'waiting', 'somebody else'],
  ]);
});

test('ready is who said so itself, and no longer when it is gone', () => {
  const { roster: of } = roster();
  of.said('auth', 'ready', 12);
  expect(of.isReady('auth')).toBe(false);
  of.isNowReady('auth');
  expect(of.isReady('auth')).toBe(true);
  expect(of.states()[0]).toMatchObject({ state: 'ready', pid: 12 });
  of.said('auth', 'gone', undefined);
  expect(of.isReady('auth')).toBe(false);
  expect(of.states()[0]).toMatchObject({ state: 'gone', pid: undefined });
});

test('a start of one alone is counted; a start of all forgets what was heard', () => {
  const { roster: of } = roster();
  of.isNowReady('auth');
  of.isGone('auth');
  of.startsAgain('auth');
  of.isNowReady('auth');
  of.forget();
  expect(of.states()[0]).toMatchObject({ state: 'waiting', restarts: 1 });
  expect(of.missing()).toContain('auth');
});

test('each change is told, once', () => {
  const { roster: of, changes } = roster();
  of.isNowReady('auth');
  of.isNowReady('auth');
  expect(changes()).toBe(1);
  of.isGone('auth');
  of.isGone('nobody');
  expect(changes()).toBe(2);
});
