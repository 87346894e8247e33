import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { freePort } from '@chargemesh/testkit';
import { FtpSrv } from 'ftp-srv';

/** The server's log, of which nobody wants to hear. */
const silent: never = new Proxy({}, { get: (_, name) => (name === 'child' ? () => silent : () => {}) }) as never;

/** A server and how to end it. */
export interface TestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Who may log in everywhere. */
export const USER = { name: 'station', password: 'p#ss' } as const;

/** A web server; with a certificate one of HTTPS. */
export async function webServer(
  listener: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An FTP server of a folder; with a certificate one of FTPS, asked for on its port or spoken from the first byte on. */
export async function ftpServer(
  folder: string,
  tls?: { readonly key: string; readonly cert: string; readonly implicit: boolean },
): Promise<TestServer> {
  const port = await freePort();
  const scheme = tls?.implicit ? 'ftps' : 'ftp';
  const server = new FtpSrv({
    url: `${scheme}://127.0.0.1:${port}`,
    pasv_url: '127.0.0.1',
    anonymous: false,
    log: silent,
    // What its types call a context is handed to Node as options.
    ...(tls && { tls: { key: tls.key, cert: tls.cert } as never }),
  });
  server.on('login', ({ username, password }, resolve, reject) => {
    if (username === USER.name && password === USER.password) resolve({ root: folder });
    else reject(new Error('nobody of that name'));
  });
  await server.listen();
  return { port, close: async () => void (await server.close()) };
}
