import { expect, test } from '@jest/globals';
import { wireValue } from '../../src/distribution/wire-number.ts';

test.each([
  [230, 'number', '230.0'],
  [0, 'number', '0.0'],
  [0.1, 'number', '0.1'],
  [1e21, 'number', '1e+21'],
  [1e15, 'number', '1e+15'],
  [-32, 'number', '-32.0'],
  [230, 'integer', '230'],
  ['230', 'string', '"230"'],
  [true, 'boolean', 'true'],
] as const)('%p of type %s is written %s', (value, type, text) => {
  const written = JSON.stringify({ value: wireValue(value, type) });
  expect(written).toBe(`{"value":${text}}`);
  expect(JSON.parse(written).value).toBe(value);
});
