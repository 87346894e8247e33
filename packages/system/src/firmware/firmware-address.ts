/** An address without what follows its #, and what that says. */
export interface FirmwareAddress {
  readonly address: string;
  /** False: charging goes on while it is installed. */
  readonly disableConnectors: boolean;
}

/** Takes the settings off an address: `…/firmware.bin#disable_connectors_during_install=false`. */
export function readFirmwareAddress(location: string): FirmwareAddress {
  const at = location.indexOf('#');
  const address = at < 0 ? location : location.slice(0, at);
  const settings = new URLSearchParams(at < 0 ? '' : location.slice(at + 1));
  return { address, disableConnectors: settings.get('disable_connectors_during_install') !== 'false' };
}
