import { expect, test } from '@jest/globals';
import { Release } from '../../src/api/release.ts';

test('holds all back until the last EVSE is ready, and lets it go in order', () => {
  const release = new Release(['connector_1', 'connector_2']);
  const done: string[] = [];
  release.run(() => done.push('first'));
  release.ready('connector_1');
  release.ready('connector_1');
  release.run(() => done.push('second'));
  expect(done).toEqual([]);
  release.ready('connector_2');
  expect(done).toEqual(['first', 'second']);
  release.run(() => done.push('third'));
  expect(done).toEqual(['first', 'second', 'third']);
});

test('does nothing twice where an EVSE becomes ready again', () => {
  const release = new Release(['connector_1']);
  const done: string[] = [];
  release.run(() => done.push('once'));
  release.ready('connector_1');
  release.ready('connector_1');
  expect(done).toEqual(['once']);
});
