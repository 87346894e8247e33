import { ChargemeshError } from '@chargemesh/base';
import { getProxyForUrl } from 'proxy-from-env';

/** A proxy on the same machine as the CSMS is on no way to it. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The proxy on the way to a websocket address by HTTP_PROXY (for ws), HTTPS_PROXY (for wss), ALL_PROXY and NO_PROXY, in capital or small
 * letters. Loopback addresses are always reached directly.
 * @returns its address, or undefined where there is none
 * @throws ChargemeshError `OCPP_PROXY` where it is of a kind that cannot be used, SOCKS say
 */
export function proxyFromEnvironment(url: string): string | undefined {
  // The variables are named for the HTTP in which a websocket begins.
  const http = new URL(url.replace(/^ws/, 'http'));
  if (LOOPBACK.test(http.hostname)) return undefined;
  const found = getProxyForUrl(http);
  if (found === '') return undefined;
  // A variable without a scheme gets that of the address from the library. What is meant by it is a plain proxy, as everywhere else.
  const asWritten = Object.values(process.env).includes(found);
  const proxy = asWritten ? found : found.replace(/^[a-z]+:/, 'http:');
  if (!/^https?:\/\//.test(proxy) || !URL.canParse(proxy))
    throw new ChargemeshError(
      'OCPP_PROXY',
      'the proxy that the environment names cannot be used: only http and https are known',
    );
  return proxy;
}
