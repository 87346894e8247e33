/**
 * This run's flags as OCPP configuration keys: they lie above both files and are never written down. The security profile that an address
 * or a password asks for follows from them where they are laid on.
 */
export function runOverrides(options: Readonly<Record<string, string>>): Record<string, string> {
  const { csms, id, password, vendor, model } = options;
  return {
    ...(csms !== undefined && { CentralSystemURI: csms }),
    ...(id !== undefined && { ChargePointId: id, ChargeBoxSerialNumber: id }),
    ...(password !== undefined && { AuthorizationKey: password }),
    ...(vendor !== undefined && { ChargePointVendor: vendor }),
    ...(model !== undefined && { ChargePointModel: model }),
  };
}
