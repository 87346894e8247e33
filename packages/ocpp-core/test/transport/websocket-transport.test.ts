import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { type Transport, type TransportClosed, type TransportOptions, WebsocketTransport } from '../../src/index.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
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
  const server = createServer();
  servers.push(server);
  const requests: IncomingMessage[] = [];
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  server.on('upgrade', (request, socket: Socket, head) => {
    requests.push(request);
    const proceed = (): void =>
      sockets.handleUpgrade(request, socket, head, (accepted) => void sockets.emit('connection', accepted, request));
    if (upgrade) upgrade(socket, proceed);
    else proceed();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as AddressInfo).port, requests, sockets };
}

interface Dialled {
  readonly transport: Transport;
  readonly opened: Promise<string>;
  readonly closed: Promise<TransportClosed>;
  readonly received: string[];
}

function dial(url: string, more: Partial<TransportOptions> = {}): Dialled {
  const received: string[] = [];
  const opened = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<TransportClosed>();
  const transport = new WebsocketTransport().open(
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

  test('refused with 401: says so', async () => {
    const csms = await listen('127.0.0.1', (socket) =>
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'),
    );
    const { closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    expect(await closed).toEqual({ reason: 'the CSMS answered the upgrade with HTTP 401', httpStatus: 401 });
  });

  test('a CSMS that picks no protocol is refused', async () => {
    const csms = await listen('127.0.0.1');
    csms.sockets.options.handleProtocols = () => false;
    const { closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    expect((await closed).reason).toMatch(/subprotocol/i);
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

  test('broken by the CSMS: told once, without a code', async () => {
    const csms = await listen('127.0.0.1');
    const { opened, closed } = dial(`ws://127.0.0.1:${csms.port}/cp001`);
    await opened;
    for (const client of csms.sockets.clients) client.terminate();
    expect(await closed).toEqual({ reason: 'the connection broke' });
  });
});
