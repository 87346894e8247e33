import type { types } from '@chargemesh/contracts';
import type { ChargePointIdentity } from '@chargemesh/ocpp-core';

type Charger = types.charger_information.ChargerInformation;

/** What a BootNotification says and where the charger has it, with the most characters that OCPP has room for. */
const FIELDS: readonly {
  readonly told: keyof ChargePointIdentity;
  readonly of: keyof Charger;
  readonly most: number;
}[] = [
  { told: 'chargePointVendor', of: 'vendor', most: 20 },
  { told: 'chargePointModel', of: 'model', most: 20 },
  { told: 'chargePointSerialNumber', of: 'chargepoint_serial', most: 25 },
  { told: 'chargeBoxSerialNumber', of: 'chargebox_serial', most: 25 },
  { told: 'firmwareVersion', of: 'firmware_version', most: 50 },
];

/**
 * Who a charger says that it is, as far as OCPP can carry it. A text that is empty or too long is left to the configuration, and told: cut,
 * it would be another one.
 */
export function chargerIdentity(
  charger: Charger,
  unfit: (field: keyof Charger, value: string, most: number) => void,
): Partial<ChargePointIdentity> {
  const known = FIELDS.flatMap(({ told, of, most }) => {
    const value = charger[of];
    if (value === undefined || value === '') return [];
    if ([...value].length <= most) return [[told, value] as const];
    unfit(of, value, most);
    return [];
  });
  return Object.fromEntries(known);
}
