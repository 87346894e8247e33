import { expect, test } from '@jest/globals';
import { relayRule } from '../../src/oracles/relay-rule.ts';
import { layout, PlayedEvse, world } from './played-evse.ts';

const evse = () => new PlayedEvse(relayRule(layout, world));
/** A car that charges by the rules. */
const charging = () => evse().board('B').limit(16).session('TransactionStarted').board('C', 'PowerOn').later(60_000);

test('a session by the rules finds nothing', () => {
  const played = charging().board('B').later(50).board('PowerOff').session('TransactionFinished').board('A');
  expect(played.later(60_000).findings()).toEqual([]);
});

test.each([
  ['in B', () => evse().limit(16).session('TransactionStarted').board('B', 'PowerOn'), 'closes in B'],
  ['without a transaction', () => evse().limit(16).board('C', 'PowerOn'), 'nobody is authorised'],
  [
    'while the EVSE is inoperative',
    () => evse().limit(16).session('TransactionStarted').inoperative(true).board('C', 'PowerOn'),
    'is inoperative',
  ],
])('a relay that closes %s', (_name, play, message) => {
  expect(play().findings().join()).toContain(message);
});

test.each([
  ['the car has left C', () => charging().board('B'), 100],
  ['the pilot shows E', () => charging().board('E'), 100],
  ['the EVSE is inoperative', () => charging().inoperative(true), 100],
  ['nobody is authorised', () => charging().session('TransactionFinished'), 6_000],
  ['the limit is gone', () => charging().limit(0), 6_000],
])('a relay that stays closed although %s', (_name, play, withinMs) => {
  expect(play().later(withinMs).board('PowerOff').later(60_000).findings()).toEqual([]);
  expect(
    play()
      .later(withinMs + 1)
      .board('PowerOff')
      .findings(),
  ).toHaveLength(1);
  // Said once, however long it lasts.
  expect(play().later(60_000).limit(0).later(60_000).limit(0).findings().length).toBeLessThanOrEqual(2);
});

test('a board that is gone holds no relay closed', () => {
  expect(charging().boardGone().session('TransactionFinished').later(60_000).findings()).toEqual([]);
});
