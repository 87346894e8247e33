import { expect, test } from '@jest/globals';
import { connectorTypeOf } from '../../src/external/connector-type.ts';

test('a connector type is taken as configured, or unknown', () => {
  expect(connectorTypeOf('cType2')).toBe('cType2');
  expect(connectorTypeOf('a fancy plug')).toBe('Unknown');
});
