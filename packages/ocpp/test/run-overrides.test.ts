import { expect, test } from '@jest/globals';
import { runOverrides } from '../src/run-overrides.ts';

test('nothing asked, nothing changed', () => {
  expect(runOverrides({})).toEqual({ Internal: {}, Security: {} });
});

test.each([
  [{ csms: 'ws://x' }, 0],
  [{ csms: 'ws://x', password: 'secret-secret' }, 1],
  [{ csms: 'wss://x', password: 'secret-secret' }, 2],
  [{ csms: 'x:9000/ocpp' }, undefined],
])('%j asks for security profile %s', (options, profile) => {
  expect(runOverrides(options).Security?.SecurityProfile).toBe(profile);
});

test('the identity is the serial number too', () => {
  expect(runOverrides({ id: 'cp7', vendor: 'V', model: 'M' }).Internal).toEqual({
    ChargePointId: 'cp7',
    ChargeBoxSerialNumber: 'cp7',
    ChargePointVendor: 'V',
    ChargePointModel: 'M',
  });
});
