import { expect, test } from '@jest/globals';
import type { Step } from '../../../../src/language/scenario.ts';
import { notApplicable } from '../../../../src/world/real/ocpp-rpc/not-applicable.ts';

const why = (...steps: readonly Step[]): string | undefined => notApplicable({ name: 'x', steps });

test('what the library cannot do is said', () => {
  expect(why({ plug: 1 }, { link: 'half-open' })).toMatch('half open');
  expect(why({ call: { action: 'Reset', payload: { type: 'Lukewarm' }, force: true } })).toMatch('force');
});

test('the rest can be played', () => {
  expect(
    why(
      { link: 'cut' },
      { link: { slow: '2 s' } },
      { link: 'restored' },
      { call: { action: 'Reset', payload: { type: 'Hard' } } },
      { answer: { action: 'StartTransaction', with: 'garbage' } },
    ),
  ).toBeUndefined();
});
