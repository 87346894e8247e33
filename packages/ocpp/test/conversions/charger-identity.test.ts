import { expect, test } from '@jest/globals';
import { chargerIdentity } from '../../src/conversions/charger-identity.ts';

test('what a charger says of itself goes into its boot, as far as OCPP has room for it', () => {
  const left: unknown[] = [];
  const charger = {
    vendor: 'v'.repeat(20),
    model: 'm'.repeat(21),
    chargepoint_serial: 's'.repeat(25),
    chargebox_serial: '',
    firmware_version: 'f'.repeat(51),
    friendly_name: 'Garage',
  };
  expect(chargerIdentity(charger, (...what) => left.push(what))).toEqual({
    chargePointVendor: charger.vendor,
    chargePointSerialNumber: charger.chargepoint_serial,
  });
  expect(left).toEqual([
    ['model', charger.model, 20],
    ['firmware_version', charger.firmware_version, 50],
  ]);
  expect(chargerIdentity({ vendor: 'V', model: 'M', chargebox_serial: 'B', firmware_version: '2' }, () => {})).toEqual({
    chargePointVendor: 'V',
    chargePointModel: 'M',
    chargeBoxSerialNumber: 'B',
    firmwareVersion: '2',
  });
});
