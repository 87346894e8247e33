import type { ChargePointIdentity } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Request } from '../rpc/typed.ts';

/** Who the station says it is: what was handed in wins over the configuration. @see OCPP 1.6, 4.2 */
export function bootNotification(
  configuration: Configuration,
  identity: Partial<ChargePointIdentity> = {},
): Request<'BootNotification'> {
  const optional = {
    chargePointSerialNumber: identity.chargePointSerialNumber ?? configuration.get('ChargePointSerialNumber'),
    iccid: identity.iccid ?? configuration.get('ICCID'),
    imsi: identity.imsi ?? configuration.get('IMSI'),
    meterSerialNumber: identity.meterSerialNumber ?? configuration.get('MeterSerialNumber'),
    meterType: identity.meterType ?? configuration.get('MeterType'),
  };
  return {
    chargePointVendor: identity.chargePointVendor ?? configuration.get('ChargePointVendor'),
    chargePointModel: identity.chargePointModel ?? configuration.get('ChargePointModel'),
    chargeBoxSerialNumber: identity.chargeBoxSerialNumber ?? configuration.get('ChargeBoxSerialNumber'),
    firmwareVersion: identity.firmwareVersion ?? configuration.get('FirmwareVersion'),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
