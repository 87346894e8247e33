import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';

type Opened = Parameters<HttpsProxyAgent<string>['connect']>[1];

/** Tunnels to a CSMS through an HTTP proxy. In a file of its own, which is loaded when there is a proxy: most stations have none. */
export class ProxyTunnel extends HttpsProxyAgent<string> {
  override connect(request: ClientRequest, options: Opened): Promise<Socket> {
    const { host } = options;
    if (!options.secureEndpoint || options.checkServerIdentity || host === undefined)
      return super.connect(request, options);
    // Inside the tunnel TLS would not know an address of IP that it was to reach, and check the certificate for localhost.
    return super.connect(request, {
      ...options,
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    });
  }
}
