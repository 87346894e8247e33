import type { types } from '@chargemesh/contracts';

/** How a driver may pay at this EVSE. */
export interface PaymentRules {
  /** By card, app and the like. */
  readonly external: boolean;
  /** By a contract that the car has. */
  readonly contract: boolean;
}

/**
 * What the car is told that its driver may pay with. A contract is of no use to somebody who has paid otherwise; where nothing is allowed,
 * paying otherwise is offered all the same, since a list without an entry would end the session.
 * @see ISO 15118-2, 8.4.3.3 ServiceDiscovery
 */
export function paymentOptions(rules: PaymentRules, authorized: boolean): readonly types.iso15118.PaymentOption[] {
  const options: types.iso15118.PaymentOption[] = [];
  if (rules.external) options.push('ExternalPayment');
  if (rules.contract && !authorized) options.push('Contract');
  return options.length === 0 ? ['ExternalPayment'] : options;
}
