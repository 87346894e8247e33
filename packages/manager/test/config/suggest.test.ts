import { expect, test } from '@jest/globals';
import { suggest } from '../../src/index.ts';

const names = ['energy_consumer', 'powermeter', 'price_information'];
const many = Array.from({ length: 13 }, (_, index) => `key_${'x'.repeat(index)}`);

test.each([
  ['powermetre', names, 'did you mean "powermeter"?'],
  ['Powermeter', names, 'did you mean "powermeter"?'],
  ['main', ['mani'], 'did you mean "mani"?'],
  ['other', names, 'known here: energy_consumer, powermeter, price_information'],
  ['other', [], 'nothing can stand here'],
  ['entirely_different', many, ''],
])('%s among %j: %s', (word, known, text) => {
  expect(suggest(word, known)).toBe(text);
});
