import { expect, test } from '@jest/globals';
import { paymentOptions } from '../../src/hlc/payment-options.ts';

test.each([
  [{ external: true, contract: true }, false, ['ExternalPayment', 'Contract']],
  [{ external: true, contract: true }, true, ['ExternalPayment']],
  [{ external: false, contract: true }, false, ['Contract']],
  [{ external: false, contract: true }, true, ['ExternalPayment']],
  [{ external: false, contract: false }, false, ['ExternalPayment']],
])('with %j, somebody authorised: %s, a car is offered %j', (rules, authorized, options) => {
  expect(paymentOptions(rules, authorized)).toEqual(options);
});
