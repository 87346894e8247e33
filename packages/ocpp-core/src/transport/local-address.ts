/** Lists the addresses of this machine, as `node:os` does. */
export type NetworkInterfaces = () => Partial<
  Readonly<Record<string, readonly { readonly address: string; readonly family: string; readonly internal: boolean }[]>>
>;

/**
 * The address that a connection has to begin at so that it goes out by a network interface (the key IFace): one of the family of the
 * host where that is an address, else one of IPv4 before one of IPv6.
 * @param host as it stands in a URL: `csms.example`, `10.0.0.7`, `[2001:db8::7]`
 * @throws {RangeError} where there is no such interface, or it has no fitting address
 */
export function localAddress(interfaceName: string, host: string, list: NetworkInterfaces): string {
  const all = list();
  const addresses = all[interfaceName];
  if (!addresses)
    throw new RangeError(`there is no network interface ${interfaceName} (IFace), only ${Object.keys(all).join(', ')}`);
  const families = host.startsWith('[') ? ['IPv6'] : /^[\d.]+$/.test(host) ? ['IPv4'] : ['IPv4', 'IPv6'];
  for (const family of families) {
    const found = addresses.find((entry) => entry.family === family && !isLinkLocal(entry.address));
    if (found) return found.address;
  }
  throw new RangeError(`the network interface ${interfaceName} (IFace) has no address to reach ${host} from`);
}

/** It would need a zone, and leads no further than the next router. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}
