import { expect, test } from '@jest/globals';
import { runOverrides } from '../src/run-overrides.ts';

test('nothing asked, nothing changed', () => {
  expect(runOverrides({})).toEqual({});
});

test('each flag is a key; the identity is the serial number too', () => {
  const flags = { csms: 'wss://x', id: 'cp7', password: 'secret', vendor: 'V', model: 'M', speed: '60' };
  expect(runOverrides(flags)).toEqual({
    CentralSystemURI: 'wss://x',
    ChargePointId: 'cp7',
    ChargeBoxSerialNumber: 'cp7',
    AuthorizationKey: 'secret',
    ChargePointVendor: 'V',
    ChargePointModel: 'M',
  });
});
