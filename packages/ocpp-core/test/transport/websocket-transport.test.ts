import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { VirtualClock } from '@chargemesh/base';
import { testCertificate } from '@chargemesh/testkit';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { type Transport, type TransportClosed, type TransportOptions, WebsocketTransport } from '../../src/index.ts';
import { csmsUrl } from '../../src/transport/csms-url.ts';
import type { NetworkInterfaces } from '../../src/transport/local-address.ts';
import { MAX_PAYLOAD_BYTES, type WebsocketTransportParts } from '../../src/transport/websocket-transport.ts';

// Megabytes go through real sockets here, on machines that may be busy.
jest.setTimeout(30_000);

const servers: Server[] = [];
/** Those of the servers, upgraded ones included: a test that fails leaves them open. */
const sockets = new Set<Socket>();

/** An HTTP server that is gone after the test. */
function server(): Server {
  const made = createServer();
  servers.push(made);
  made.on('connection', (socket: Socket) => void sockets.add(socket));
  return made;
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Csms {
  readonly port: number;
  readonly requests: IncomingMessage[];
  readonly sockets: WebSocketServer;
}

/** A CSMS on the loopback interface. `upgrade` takes the place of its answer to the upgrade. */
async function listen(host: string, upgrade?: (socket: Socket, proceed: () => void) => void): Promise<Csms> {
  const http = server();
  const requests: IncomingMessage[] = [];
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
    perMessageDeflate: { threshold: 0 },
  });
  http.on('upgrade', (request, socket: Socket, head) => {
    requests.push(request);
    const proceed = (): void =>
      sockets.handleUpgrade(request, socket, head, (accepted) => void sockets.emit('connection', accepted, request));
    if (upgrade) upgrade(socket, proceed);
    else proceed();
  });
  await new Promise<void>((resolve) => http.listen(0, host, resolve));
  return { port: (http.address() as AddressInfo).port, requests, sockets };
}

interface Dialled {
  readonly transport: Transport;
  readonly opened: Promise<string>;
  readonly closed: Promise<TransportClosed>;
  readonly received: string[];
}

function dial(
  url: string,
  more: Partial<TransportOptions> = {},
  parts: Partial<WebsocketTransportParts> = {},
): Dialled {
  const received: string[] = [];
  const opened = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<TransportClosed>();
  const transport = new WebsocketTransport({ clock: new VirtualClock(), ...parts }).open(
    { url, headers: {}, ...more },
    {
      opened: opened.resolve,
      received: (text) => received.push(text),
      ponged: () => received.push('pong'),
      closed: closed.resolve,
    },
  );
  return { transport, opened: opened.promise, closed: closed.promise, received };
}

describe('the upgrade', () => {
  test('offers ocpp1.6 and carries user, password and headers', async () => {
    const csms = await listen('127.0.0.1');
    const { opened, transport } = dial(`ws://127.0.0.1:${csms.port}/ocpp/cp%20001`, {
      headers: { 'User-Host': 'garage' },
      basicAuth: { user: 'cp001', password: 'AABBCCDDEEFFGGHH' },
    });
    expect(await opened).toBe('ocpp1.6');
    const [request] = csms.requests;
    expect(request?.url).toBe('/ocpp/cp%20001');
    expect(request?.headers).toMatchObject({
      'sec-websocket-protocol': 'ocpp1.6',
      authorization: `Basic ${Buffer.from('cp001:AABBCCDDEEFFGGHH').toString('base64')}`,
      'user-host': 'garage',
    });
    transport.terminate();
  });

  test('a password of bytes goes as it is', async () => {
    const csms = await listen('127.0.0.1');
    const { opened, transport } = dial(`ws://127.0.0.1:${csms.port}/cp001`, {
      basicAuth: { user: 'cp001', password: Uint8Array.of(0, 255, 128) },
    });
    await opened;
    const sent = Buffer.from(csms.requests[0]?.headers.authorization?.slice(6) ?? '', 'base64');
    expect([...sent.subarray(6)]).toEqual([0, 255, 128]);
    transport.terminate();
  });

  test.each(['127.0.0.1', '::1'])('localhost is found where it listens on %s alone', async (host) => {
    const csms = await listen(host);
    const { opened, transport } = dial(`ws://localhost:${csms.port}/cp001`);
    expect(await opened).toBe('ocpp1.6');
    transport.terminate();
  });

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ])('an address may be one of IP: %s', async (host, written) => {
    const csms = await listen(host);
    const { opened, transport } = dial(`ws://${written}:${csms.port}/cp001`);
    expect(await opened).toBe('ocpp1.6');
    transport.terminate();
  });

  test('an identity that needs encoding arrives whole', async () => {
    const csms = await listen('127.0.0.1');
    const identity = 'Garage 3/left 50% ü?#';
    const { opened, transport } = dial(csmsUrl({ uri: `127.0.0.1:${csms.port}/ocpp`, identity, securityProfile: 0 }));
    await opened;
    const [, path, last, more] = csms.requests[0]?.url?.split('/') ?? [];
    expect([path, decodeURIComponent(last ?? ''), more]).toEqual(['ocpp', identity, undefined]);
    transport.terminate();
  });

  test('is waited for, however long the CSMS takes; what is sent meanwhile is lost', async () => {
    let proceed = (): void => {};
    const asked = Promise.withResolvers<void>();
    const csms = await listen('127.0.0.1', (_, go) => {
      proceed = go;
      asked.resolve();
    });
    const heard: string[] = [];
    csms.sockets.on('connection', (socket) => socket.on('message', (data) => heard.push(String(data))));
    const clock = new VirtualClock();
    const { opened, transport } = dial(`ws://127.0.0.1:${csms.port}/cp001`, {}, { clock });
    await asked.promise;
    transport.send('too early');
    await clock.advance(59_000);
    proceed();
    expect(await opened).toBe('ocpp1.6');
    const pong = new Promise((resolve) => [...csms.sockets.clients][0]?.once('pong', resolve));
    [...csms.sockets.clients][0]?.ping();
    await pong;
    expect(heard).toEqual([]);
    transport.terminate();
  });

  test('refused with 401: says so', async () => {
    const csms = await listen('127.0.0.1', (socket) =>
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'),
    );
    const { closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    expect(await closed).toEqual({ reason: 'the CSMS answered the upgrade with HTTP 401', httpStatus: 401 });
  });

  test('steve-135, ev-server-2761: a CSMS that picks no protocol is refused', async () => {
    const csms = await listen('127.0.0.1');
    csms.sockets.options.handleProtocols = () => false;
    const { closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    expect((await closed).reason).toMatch(/subprotocol/i);
  });

  (process.platform === 'linux' ? test : test.skip)('goes out by the network interface that is asked for', async () => {
    const csms = await listen('127.0.0.1');
    const interfaces: NetworkInterfaces = () => ({
      wwan0: [{ address: '127.0.0.5', family: 'IPv4', internal: false }],
    });
    const { opened, transport } = dial(`ws://127.0.0.1:${csms.port}`, { networkInterface: 'wwan0' }, { interfaces });
    await opened;
    expect(csms.requests[0]?.socket.remoteAddress).toBe('127.0.0.5');
    transport.terminate();
  });

  test('by an interface that is not there: closed, not thrown', async () => {
    const { closed } = dial('ws://127.0.0.1:1', { networkInterface: 'wwan0' }, { interfaces: () => ({}) });
    expect((await closed).reason).toContain('there is no network interface wwan0');
  });

  test('nobody there: closed, with a reason', async () => {
    const { port } = await listen('127.0.0.1');
    servers.splice(0).forEach((server) => void server.close());
    const { closed } = dial(`ws://127.0.0.1:${port}/cp001`);
    expect((await closed).reason).toContain('ECONNREFUSED');
  });

  test('an address that is none: closed, not thrown', async () => {
    const { closed } = dial('ftp://127.0.0.1/cp001');
    expect((await closed).reason).not.toBe('');
  });
});

describe('the connection', () => {
  test('carries texts and pings both ways, and closes with a code', async () => {
    const csms = await listen('127.0.0.1');
    csms.sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
    const { transport, opened, closed, received } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    transport.send('too early');
    await opened;
    const [client] = csms.sockets.clients;
    const pinged = new Promise((resolve) => client?.on('ping', (data) => resolve(String(data))));
    transport.ping('hello there');
    expect(await pinged).toBe('hello there');
    const closing = new Promise((resolve) => client?.on('close', resolve));
    transport.send('one');
    client?.on('message', () => transport.close(1000, 'done'));
    expect(await closing).toBe(1000);
    expect(await closed).toEqual({ code: 1000, reason: 'done' });
    expect(received).toContain('echo one');
    expect(received).not.toContain('echo too early');
    transport.send('too late');
  });

  test('a ping carries 125 bytes of its payload at most', async () => {
    const csms = await listen('127.0.0.1');
    const { transport, opened } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    const pinged = new Promise((resolve) => [...csms.sockets.clients][0]?.on('ping', (data) => resolve(String(data))));
    transport.ping('p'.repeat(500));
    expect(await pinged).toBe('p'.repeat(125));
    transport.terminate();
  });

  test('broken by the CSMS: told once, without a code', async () => {
    const csms = await listen('127.0.0.1');
    const { opened, closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    for (const client of csms.sockets.clients) client.terminate();
    expect(await closed).toEqual({ reason: 'the connection broke' });
  });

  test('texts in fragments are joined, binary ones are passed over', async () => {
    const csms = await listen('127.0.0.1');
    const { transport, opened, received } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    const [client] = csms.sockets.clients;
    const pong = new Promise((resolve) => client?.on('pong', resolve));
    client?.send('[2,"1",', { fin: false });
    client?.send('"Reset",{"type":', { fin: false });
    client?.send('"Söft"}]', { fin: true });
    client?.send(Buffer.from('[3,"1",{}]'));
    client?.ping();
    await pong;
    expect(received).toEqual(['[2,"1","Reset",{"type":"Söft"}]']);
    transport.terminate();
  });

  test('long texts are compressed both ways where the CSMS can, without contexts that outlive them', async () => {
    const csms = await listen('127.0.0.1');
    csms.sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
    const { transport, opened, received } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    const [request] = csms.requests;
    expect(request?.headers['sec-websocket-extensions']).toBe(
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits',
    );
    const [client] = csms.sockets.clients;
    const text = 'MeterValues '.repeat(10_000);
    const bytesBefore = request?.socket.bytesRead ?? 0;
    const heard = new Promise((resolve) => client?.once('message', resolve));
    transport.send(text);
    await heard;
    expect((request?.socket.bytesRead ?? 0) - bytesBefore).toBeLessThan(text.length / 10);
    const pong = new Promise((resolve) => client?.once('pong', resolve));
    client?.ping();
    await pong;
    expect(received).toEqual([text]);
    transport.terminate();
  });

  test('a CSMS that cannot compress gets texts as they are', async () => {
    const csms = await listen('127.0.0.1');
    csms.sockets.options.perMessageDeflate = false;
    const { transport, opened } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    const heard = new Promise((resolve) => [...csms.sockets.clients][0]?.once('message', resolve));
    const text = 'x'.repeat(5000);
    transport.send(text);
    expect(String(await heard)).toBe(text);
    transport.terminate();
  });

  test.each([
    ['as it is', false],
    ['only once it is inflated', true],
  ])('a text of the greatest length is taken, one more byte closes the connection: %s', async (_, compress) => {
    const csms = await listen('127.0.0.1');
    const { opened, closed, received } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    const [client] = csms.sockets.clients;
    const closing = new Promise((resolve) => client?.on('close', resolve));
    client?.send('y'.repeat(MAX_PAYLOAD_BYTES), { compress });
    client?.send('n'.repeat(MAX_PAYLOAD_BYTES + 1), { compress });
    expect(await closing).toBe(1009);
    expect((await closed).reason).toMatch(/payload size/i);
    expect(received.map((text) => text[0])).toEqual(['y']);
  });

  test('a CSMS that takes nothing for ten seconds counts as gone', async () => {
    const clock = new VirtualClock();
    const sockets: Socket[] = [];
    const csms = await listen('127.0.0.1', (socket, proceed) => {
      sockets.push(socket);
      proceed();
    });
    csms.sockets.options.perMessageDeflate = false;
    const { transport, opened, closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`, {}, { clock });
    await opened;
    transport.send('one');
    await new Promise((resolve) => [...csms.sockets.clients][0]?.once('message', resolve));
    await clock.advance(60_000);
    sockets[0]?.pause();
    transport.send('x'.repeat(24 * 1024 * 1024));
    await clock.advance(10_000);
    expect(await closed).toEqual({ reason: 'nothing could be sent for 10 s' });
  });
});

describe('a proxy', () => {
  /** One that makes tunnels, or answers otherwise. */
  async function proxy(answer?: string): Promise<{ url: string; asked: IncomingMessage[] }> {
    const http = server();
    const asked: IncomingMessage[] = [];
    http.on('connect', (request, socket: Socket) => {
      asked.push(request);
      if (answer !== undefined) return void socket.end(answer);
      const [, port] = (request.url ?? '').split(/:(?=\d+$)/);
      const far = connectTcp(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      for (const [end, other] of [
        [socket, far],
        [far, socket],
      ] as const)
        end.on('error', () => {}).on('close', () => other.destroy());
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return { url: `http://user:p%40ss@127.0.0.1:${(http.address() as AddressInfo).port}`, asked };
  }

  test('is asked for a tunnel, with its own password, and does not see that of the CSMS', async () => {
    const csms = await listen('127.0.0.1');
    const { url, asked } = await proxy();
    const { transport, opened, closed } = dial(
      `ws://csms.invalid:${csms.port}/cp001`,
      { basicAuth: { user: 'cp001', password: 'secret' } },
      { proxyFor: () => url },
    );
    expect(await opened).toBe('ocpp1.6');
    expect(asked.map(({ url: target }) => target)).toEqual([`csms.invalid:${csms.port}`]);
    expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(csms.requests[0]?.headers.authorization).toBeDefined();
    const heard = new Promise((resolve) => [...csms.sockets.clients][0]?.once('message', resolve));
    transport.send('through');
    expect(String(await heard)).toBe('through');
    transport.close(1000, 'done');
    expect(await closed).toMatchObject({ code: 1000 });
  });

  test('carries TLS to the CSMS, whose certificate is checked behind it', async () => {
    const http = createTlsServer(testCertificate);
    servers.push(http);
    http.on('connection', (socket: Socket) => void sockets.add(socket));
    const csms = new WebSocketServer({ server: http, handleProtocols: (offered) => [...offered][0] ?? false });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    const { url } = await proxy();
    const tls = { ca: [testCertificate.cert], verifyHostName: true };
    const { transport, opened } = dial(`wss://127.0.0.1:${port}/cp001`, { tls }, { proxyFor: () => url });
    expect(await opened).toBe('ocpp1.6');
    expect(csms.clients.size).toBe(1);
    transport.terminate();
    const untrusted = dial(`wss://127.0.0.1:${port}/cp001`, { tls: { verifyHostName: true } }, { proxyFor: () => url });
    expect(await untrusted.closed).toMatchObject({ tlsError: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('that refuses: closed, with what it said', async () => {
    const { url } = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const { closed } = dial('ws://csms.invalid/cp001', {}, { proxyFor: () => url });
    expect(await closed).toMatchObject({ httpStatus: 407 });
  });

  test('that never answers: closed when it is given up, and nothing stays open', async () => {
    const http = server();
    const left = new Promise((resolve) => http.on('connect', (_, socket) => socket.resume().on('end', resolve)));
    const asked = new Promise((resolve) => http.on('connect', resolve));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { transport, closed } = dial('ws://csms.invalid/cp001', {}, { proxyFor: () => url });
    await asked;
    transport.terminate();
    expect((await closed).reason).not.toBe('');
    await left;
  });

  test('given up before it was asked: closed, and never asked', async () => {
    const { url, asked } = await proxy();
    const { transport, closed } = dial('ws://csms.invalid/cp001', {}, { proxyFor: () => url });
    transport.send('too early');
    transport.ping('too early');
    transport.terminate();
    expect(await closed).toEqual({ reason: 'given up' });
    const other = dial('ws://csms.invalid/cp001', {}, { proxyFor: () => url });
    other.transport.close(1000, 'not wanted');
    expect(await other.closed).toEqual({ reason: 'not wanted' });
    expect(asked).toEqual([]);
  });

  test('of a kind that is not known: closed, not thrown', async () => {
    const { closed } = dial(
      'ws://csms.invalid/cp001',
      {},
      {
        proxyFor: () => {
          throw new Error('SOCKS');
        },
      },
    );
    expect(await closed).toEqual({ reason: 'SOCKS' });
  });
});
