import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { messageOf } from '@chargemesh/base';
import { type ClientOptions, WebSocket } from 'ws';
import type { Transport, TransportClosed, TransportFactory, TransportListener, TransportOptions } from './transport.ts';

/** The only protocol that is offered and taken. A CSMS that picks none is refused. */
export const SUB_PROTOCOL = 'ocpp1.6';

/** The largest message that is taken, joined from its fragments: far above any OCPP message, far below a charger's memory. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** Both families, whatever the machine's hosts file says of the name. */
const localhost: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Every address of a host is tried, each for so long: localhost may be ::1 first and refused there. ws hands these to net.connect. */
const EVERY_ADDRESS = {
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 5_000,
  lookup: ((name, options, found) => {
    if (name === 'localhost' && options.all) found(null, [...localhost]);
    else lookup(name, options, found);
  }) satisfies LookupFunction,
};

/** {@link TransportFactory} over the network, by the package ws. */
export class WebsocketTransport implements TransportFactory {
  open(options: TransportOptions, listener: TransportListener): Transport {
    let socket: WebSocket;
    try {
      socket = new WebSocket(options.url, SUB_PROTOCOL, clientOptions(options));
    } catch (thrown) {
      // The listener hears of it after this function has returned, as of any other failure.
      queueMicrotask(() => listener.closed({ reason: messageOf(thrown) }));
      return { send: () => {}, ping: () => {}, close: () => {}, terminate: () => {} };
    }
    return connect(socket, listener);
  }
}

function connect(socket: WebSocket, listener: TransportListener): Transport {
  let trouble: Omit<TransportClosed, 'code'> | undefined;
  socket.on('open', () => listener.opened(socket.protocol));
  socket.on('message', (data, isBinary) => {
    if (!isBinary) listener.received(data.toString());
  });
  socket.on('pong', () => listener.ponged());
  socket.on('unexpected-response', (request, response) => {
    const httpStatus = response.statusCode ?? 0;
    trouble = { reason: `the CSMS answered the upgrade with HTTP ${httpStatus}`, httpStatus };
    request.destroy();
    socket.terminate();
  });
  socket.on('error', (error: Error & { code?: string }) => {
    const tlsError = isTlsError(error.code) ? error.code : undefined;
    trouble ??= { reason: reasonOf(error), ...(tlsError === undefined ? {} : { tlsError }) };
  });
  socket.on('close', (code, reason) => {
    // 1006: not a code that was sent, the connection broke.
    if (code === 1006) listener.closed(trouble ?? { reason: 'the connection broke' });
    else listener.closed({ code, reason: reason.toString() || 'closed' });
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text, (error) => void (error && socket.terminate()));
    },
    ping: (payload) => {
      if (socket.readyState === WebSocket.OPEN) socket.ping(payload);
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}

/** For VerifyCsmsCommonName false: the chain is checked, the name is not. */
const ANY_HOST_NAME: Pick<ClientOptions, 'checkServerIdentity'> = { checkServerIdentity: () => false };

function clientOptions({ headers, basicAuth, tls }: TransportOptions): ClientOptions {
  return {
    headers: { ...headers, ...(basicAuth ? { authorization: basic(basicAuth) } : {}) },
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
    ...EVERY_ADDRESS,
    ...(tls
      ? {
          minVersion: 'TLSv1.2' as const,
          ...(tls.ca ? { ca: [...tls.ca] } : {}),
          ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
          ...(tls.privateKey === undefined ? {} : { key: tls.privateKey }),
          ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
          ...(tls.verifyHostName ? {} : ANY_HOST_NAME),
        }
      : {}),
  };
}

/** @see RFC 7617 */
function basic({ user, password }: NonNullable<TransportOptions['basicAuth']>): string {
  const secret = typeof password === 'string' ? Buffer.from(password) : Buffer.from(password);
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), secret]).toString('base64')}`;
}

/** Several addresses that were all refused come as one error without a text of its own. */
function reasonOf(error: Error & { code?: string }): string {
  return error.message || error.code || 'the connection could not be opened';
}

function isTlsError(code: string | undefined): boolean {
  return (
    code !== undefined &&
    /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/.test(code)
  );
}
