import type { types } from '@chargemesh/contracts';

/** The token of a car that is known by the address of its modem. */
export function autochargeToken(macAddress: string, connectorId: number): types.authorization.ProvidedIdToken {
  return {
    id_token: { value: `VID:${macAddress.replaceAll(':', '').toUpperCase()}`, type: 'MacAddress' },
    authorization_type: 'Autocharge',
    connectors: [connectorId],
  };
}
