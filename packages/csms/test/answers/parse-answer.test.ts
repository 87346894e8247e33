import { describe, expect, test } from '@jest/globals';
import { type Behaviour, describeBehaviour } from '../../src/answers/behaviour.ts';
import { parseAnswer } from '../../src/answers/parse-answer.ts';

const RIGHT: readonly (readonly [string, Behaviour, string])[] = [
  ['CALLERROR', { kind: 'callError', code: 'InternalError', description: '' }, 'CALLERROR InternalError'],
  [
    'callerror notsupported not here',
    { kind: 'callError', code: 'NotSupported', description: 'not here' },
    'CALLERROR NotSupported not here',
  ],
  ['CALLERROR Odd', { kind: 'callError', code: 'Odd', description: '' }, 'CALLERROR Odd'],
  [
    '{"idTagInfo": {"status": "Blocked"}}',
    { kind: 'payload', payload: { idTagInfo: { status: 'Blocked' } }, mode: 'merge' },
    '{"idTagInfo":{"status":"Blocked"}}',
  ],
  ['replace {}', { kind: 'payload', payload: {}, mode: 'replace' }, 'replace {}'],
  ['late 500', { kind: 'late', delayMs: 500, answer: { kind: 'default' } }, 'late 500'],
  [
    'late 1.5s CALLERROR',
    { kind: 'late', delayMs: 1500, answer: { kind: 'callError', code: 'InternalError', description: '' } },
    'late 1500 CALLERROR InternalError',
  ],
  ['Never', { kind: 'never' }, 'never'],
  ['garbage', { kind: 'garbage' }, 'garbage'],
  ['default', { kind: 'default' }, 'default'],
];

describe('the words of answer', () => {
  for (const [words, behaviour, shown] of RIGHT)
    test(`"${words}" is understood, and shown as "${shown}"`, () => {
      expect(parseAnswer(words.split(' '))).toEqual(behaviour);
      expect(describeBehaviour(behaviour)).toBe(shown);
    });

  const wrong: Readonly<Record<string, string>> = {
    '': 'an answer is wanted',
    maybe: '"maybe" is no answer',
    'never ever': 'nothing follows "never", but "ever" does',
    late: '"late" wants a time',
    'late soon': 'not "soon"',
    'late 5 never': '"late" cannot be followed by "never"',
    '{"a":': 'is not JSON',
    '[1]': 'a payload is a JSON object',
    replace: '"replace" wants a JSON object',
  };
  for (const [words, message] of Object.entries(wrong))
    test(`"${words}" is refused`, () => {
      expect(() => parseAnswer(words.split(' '))).toThrow(
        expect.objectContaining({ code: 'CSMS_BAD_ANSWER', message: expect.stringContaining(message) }),
      );
    });
});
