/** This run's flags as the OCPP configuration's sections: they lie above both files and are never written down. */
export type OcppOverrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Turns `--csms`, `--id`, `--password`, `--vendor` and `--model` into configuration values. A `wss://` address asks for TLS (profile 2), a
 * password over `ws://` for HTTP basic authentication (profile 1).
 */
export function runOverrides(options: Readonly<Record<string, string>>): OcppOverrides {
  const { csms, id, password, vendor, model } = options;
  const profile = securityProfile(csms, password);
  return {
    Internal: {
      ...(csms !== undefined && { CentralSystemURI: csms }),
      ...(id !== undefined && { ChargePointId: id, ChargeBoxSerialNumber: id }),
      ...(vendor !== undefined && { ChargePointVendor: vendor }),
      ...(model !== undefined && { ChargePointModel: model }),
    },
    Security: {
      ...(password !== undefined && { AuthorizationKey: password }),
      ...(profile !== undefined && { SecurityProfile: profile }),
    },
  };
}

function securityProfile(csms: string | undefined, password: string | undefined): number | undefined {
  if (csms?.startsWith('wss:')) return 2;
  if (csms?.startsWith('ws:')) return password === undefined ? 0 : 1;
  return undefined;
}
