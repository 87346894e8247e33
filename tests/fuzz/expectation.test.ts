import { describe, expect, test } from '@jest/globals';
import { expectationOf } from '../../tools/fuzz/expectation.ts';
import { faultsOf } from '../../tools/fuzz/faults.ts';

const situation = { open: true, profiles: ['Core'], broken: undefined } as const;
const call = (action: unknown, payload: unknown = {}, id: unknown = 'a'): string =>
  JSON.stringify([2, id, action, payload]);
const refusal = (text: string): readonly string[] | string => {
  const expected = expectationOf(text, situation);
  return expected.kind === 'answer' && !expected.result ? [expected.id, ...expected.codes] : JSON.stringify(expected);
};

describe('what has to follow a frame', () => {
  test.each([
    ['no JSON', '[2,', ['-1', 'GenericError']],
    ['no readable id', call('Reset', {}, 7), ['-1', 'GenericError']],
    ['an id that is too long', call('Reset', {}, 'x'.repeat(37)), ['-1', 'GenericError']],
    ['no payload', '[2,"a","Reset"]', ['a', 'FormationViolation']],
    ['an action that nobody knows', call('NoSuchAction'), ['a', 'NotImplemented']],
    ['an action of stations', call('Heartbeat'), ['a', 'NotSupported']],
    ['a profile that is off', call('CancelReservation', { reservationId: 1 }), ['a', 'NotSupported']],
    ['a field that is missing', call('Reset'), ['a', 'FormationViolation']],
    ['a field of another type', call('Reset', { type: 7 }), ['a', 'FormationViolation']],
    ['a text that is too long', call('DataTransfer', { vendorId: 'x'.repeat(256) }), ['a', 'FormationViolation']],
    ['a number that is none', '[2,"a","RemoteStopTransaction",{"transactionId":1e999}]', ['a', 'FormationViolation']],
  ])('%s is refused', (_, text, expected) => {
    expect(refusal(text)).toEqual(expected);
  });

  test('a good request brings a result', () => {
    const text = call('Reset', { type: 'Soft', extra: [] });
    expect(expectationOf(text, situation)).toEqual({
      kind: 'answer',
      id: 'a',
      action: 'Reset',
      result: true,
      codes: [],
    });
  });

  test.each(['[3,"a",{}]', '[4,"a","GenericError","",{}]', '[5,"a"]', '[2.5,"a","Reset",{}]'])(
    '%s is not answered',
    (text) => {
      expect(expectationOf(text, situation)).toEqual({ kind: 'silence' });
    },
  );

  test('nothing is answered before the CSMS has accepted the station', () => {
    expect(expectationOf(call('Reset', { type: 'Soft' }), { ...situation, open: false })).toEqual({ kind: 'silence' });
  });
});

describe('what is wrong with the answers', () => {
  const expected = expectationOf(call('Reset', { type: 'Soft' }), situation);

  test('nothing, where there is one that fits', () => {
    expect(faultsOf(expected, [[3, 'a', { status: 'Accepted' }]])).toEqual([]);
  });

  test.each([
    ['none', []],
    [
      'two',
      [
        [3, 'a', { status: 'Accepted' }],
        [3, 'a', { status: 'Accepted' }],
      ],
    ],
    ['one to somebody else', [[3, 'b', { status: 'Accepted' }]]],
    ['a refusal', [[4, 'a', 'InternalError', '', {}]]],
    ['a result that OCPP does not allow', [[3, 'a', { status: 'Perhaps' }]]],
  ])('%s', (_, answers) => {
    expect(faultsOf(expected, answers)).toHaveLength(1);
  });

  test('a result where a refusal is due', () => {
    expect(faultsOf(expectationOf(call('Reset'), situation), [[3, 'a', { status: 'Accepted' }]])).toHaveLength(1);
  });

  test('any answer where there is to be silence', () => {
    expect(faultsOf({ kind: 'silence' }, [[3, 'a', {}]])).toHaveLength(1);
  });
});
