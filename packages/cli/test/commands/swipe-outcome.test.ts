import { describe, expect, test } from '@jest/globals';
import { afterSession, afterStatus, OUTCOMES, outcomeOf, type SwipeFacts } from '../../src/commands/swipe-outcome.ts';

const NOTHING: SwipeFacts = { status: undefined, car: false, transaction: 'none' };
const token = (value: string, connectors?: number[]): object => ({
  id_token: { value, type: 'ISO14443' },
  authorization_type: 'RFID',
  ...(connectors && { connectors }),
});

/** What becomes of card TAG at connector 1, by what Auth and the EVSE say in this order: a status, or a session event. */
function after(facts: SwipeFacts, ...said: readonly (string | object)[]): string {
  const end = said.reduce<SwipeFacts>(
    (known, each) =>
      typeof each === 'string'
        ? afterStatus(known, { status: each, token: token('TAG', [1]), messages: [] }, 'TAG', 1)
        : afterSession(known, each, 'TAG'),
    facts,
  );
  return outcomeOf(end);
}

const PLUGGED = { event: 'SessionStarted', session_started: { reason: 'EVConnected' } };
const AUTHORISED = { event: 'SessionStarted', session_started: { reason: 'Authorized' } };
const LEFT = { event: 'SessionFinished' };
const begun = (card: string): object => ({ event: 'TransactionStarted', transaction_started: { id_tag: token(card) } });
const ended = (reason: string): object => ({ event: 'TransactionFinished', transaction_finished: { reason } });
const CAR = { ...NOTHING, car: true };

describe('what becomes of a card', () => {
  test.each<[string, SwipeFacts, readonly (string | object)[]]>([
    ['unheard', NOTHING, []],
    ['asked', NOTHING, ['Processing']],
    ['rejected', CAR, ['Processing', 'Rejected']],
    ['accepted', CAR, ['Processing', 'Accepted']],
    ['placed', CAR, ['Processing', 'Accepted', 'UsedToStart']],
    ['waits', NOTHING, ['Processing', 'Accepted', 'UsedToStart']],
    ['waits', NOTHING, ['Processing', 'Accepted', AUTHORISED, 'UsedToStart']],
    ['placed', NOTHING, ['Processing', PLUGGED, 'Accepted', 'UsedToStart']],
    ['waits', CAR, ['Processing', LEFT, 'Accepted', 'UsedToStart']],
    ['starts', CAR, ['Processing', 'Accepted', 'UsedToStart', begun('TAG')]],
    ['starts', CAR, ['Processing', 'Accepted', begun('tag'), 'UsedToStart']],
    ['placed', CAR, ['Processing', 'Accepted', 'UsedToStart', begun('OTHER')]],
    ['starts', NOTHING, ['Processing', 'Accepted', 'UsedToStart', PLUGGED, begun('TAG')]],
    ['refused', CAR, ['Processing', 'Accepted', 'UsedToStart', begun('TAG'), ended('DeAuthorized')]],
    ['starts', CAR, ['Processing', 'Accepted', 'UsedToStart', begun('TAG'), ended('EVDisconnected')]],
    ['rejected', CAR, ['Processing', 'Accepted', 'Rejected']],
    ['timed out', NOTHING, ['Processing', 'Accepted', 'UsedToStart', 'TimedOut']],
    ['timed out', CAR, ['Processing', 'Accepted', 'TimedOut']],
    ['withdrawn', CAR, ['Processing', 'Withdrawn']],
    ['withdrawn', NOTHING, ['Processing', 'Accepted', 'UsedToStart', 'Withdrawn']],
    ['stops', CAR, ['Processing', 'UsedToStop', ended('Local')]],
    ['goes on', CAR, ['Processing', 'UsedToReauthorize']],
  ])('%s: %j, then %j', (outcome, facts, said) => {
    expect(after(facts, ...said)).toBe(outcome);
  });

  test.each([
    ['of another card', { status: 'Rejected', token: token('OTHER', [1]) }],
    ['of the same card elsewhere', { status: 'TimedOut', token: token('TAG', [2]) }],
    ['that cannot be read', { status: 7, token: 'TAG' }],
    ['of nothing', null],
  ])('a status %s says nothing of it', (_, value) => {
    expect(afterStatus(CAR, value, 'TAG', 1)).toEqual(CAR);
  });

  test('a token that was presented for any EVSE is meant', () => {
    const value = { status: 'Rejected', token: token('tag') };
    expect(outcomeOf(afterStatus(NOTHING, value, 'TAG', 1))).toBe('rejected');
  });
});

test('each outcome is told, and is good or not', () => {
  const told = Object.entries(OUTCOMES).map(([name, { good, text }]) => [name, good, text(1)]);
  expect(told).toEqual([
    ['unheard', false, expect.stringContaining('nothing comes of it')],
    ['asked', false, 'was read; nobody has said yet what becomes of it'],
    ['accepted', true, 'accepted: it waits for EVSE 1'],
    ['waits', true, 'accepted: plug in a car before the connection timeout takes it back'],
    ['placed', true, 'accepted: EVSE 1 has it, and has not begun a transaction yet'],
    ['starts', true, 'accepted: EVSE 1 starts'],
    ['refused', false, 'accepted, and refused by the CSMS when the transaction began'],
    ['stops', true, 'accepted: EVSE 1 stops'],
    ['goes on', true, 'accepted: the session goes on'],
    ['rejected', false, 'rejected'],
    ['timed out', false, 'accepted, and taken back: no car was plugged in in time'],
    ['withdrawn', false, 'withdrawn'],
  ]);
});
