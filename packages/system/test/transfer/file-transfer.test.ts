import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { testCertificate } from '@chargemesh/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FileTransfer } from '../../src/transfer/file-transfer.ts';
import { ftpServer, type TestServer, USER, webServer } from './servers.ts';

const CONTENT = 'x'.repeat(300_000);
const LOGIN = `${USER.name}:${encodeURIComponent(USER.password)}@`;
const SILENCE_MS = 4_000;
/** Where a server hangs. */
const IMPATIENT_MS = 400;
const never = new AbortController().signal;

let folder: string;
let there: string;
let here: string;
let transfer: FileTransfer;
const servers: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-transfer-'));
  there = join(folder, 'there');
  mkdirSync(there);
  here = join(folder, 'here');
  transfer = new FileTransfer({ clock: new RealClock(), silenceMs: SILENCE_MS, ca: testCertificate.cert });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

async function running(server: Promise<TestServer>): Promise<number> {
  const started = await server;
  servers.push(started);
  return started.port;
}

describe.each([
  ['ftp', () => ftpServer(there)],
  ['ftps', () => ftpServer(there, { ...testCertificate, implicit: true })],
] as const)('by %s', (scheme, start) => {
  test('a file comes and goes', async () => {
    const port = await running(start());
    writeFileSync(join(there, 'f.bin'), CONTENT);
    await transfer.download(`${scheme}://${LOGIN}127.0.0.1:${port}/f.bin`, here, never);
    expect(readFileSync(here, 'utf8')).toBe(CONTENT);
    await transfer.upload(here, `${scheme}://${LOGIN}127.0.0.1:${port}/up.bin`, never);
    expect(readFileSync(join(there, 'up.bin'), 'utf8')).toBe(CONTENT);
  });

  test('wrong credentials are told from a file that is not there', async () => {
    const port = await running(start());
    await expect(
      transfer.download(`${scheme}://station:wrong@127.0.0.1:${port}/f.bin`, here, never),
    ).rejects.toMatchObject({ fault: 'PermissionDenied', message: expect.not.stringContaining('wrong@') });
    await expect(
      transfer.download(`${scheme}://${LOGIN}127.0.0.1:${port}/none.bin`, here, never),
    ).rejects.toMatchObject({ fault: expect.stringMatching(/PermissionDenied|Failed/) });
    expect(existsSync(here)).toBe(false);
  });

  test('a disk that is full is told', async () => {
    const port = await running(start());
    writeFileSync(join(there, 'f.bin'), CONTENT);
    symlinkSync('/dev/full', here);
    await expect(transfer.download(`${scheme}://${LOGIN}127.0.0.1:${port}/f.bin`, here, never)).rejects.toMatchObject({
      fault: 'Failed',
      message: expect.stringContaining('ENOSPC'),
    });
  });
});

test('a certificate that nobody trusts is refused', async () => {
  const strict = new FileTransfer({ clock: new RealClock(), silenceMs: SILENCE_MS });
  const ftp = await running(ftpServer(there, { ...testCertificate, implicit: true }));
  const web = await running(webServer((_, answer) => answer.end('x'), testCertificate));
  for (const address of [`ftps://${LOGIN}127.0.0.1:${ftp}/f.bin`, `https://127.0.0.1:${web}/f.bin`])
    await expect(strict.download(address, here, never)).rejects.toMatchObject({
      message: expect.stringMatching(/self-signed/),
    });
});

describe.each([
  ['http', false],
  ['https', true],
])('by %s', (scheme, secure) => {
  test('a file comes and goes, with a login', async () => {
    const got: { method: string | undefined; url: string | undefined; login: string | undefined; body: string }[] = [];
    const port = await running(
      webServer(
        (request, answer) => {
          let body = '';
          request.on('data', (part) => {
            body += part;
          });
          request.on('end', () => {
            got.push({ method: request.method, url: request.url, login: request.headers.authorization, body });
            answer.end(CONTENT);
          });
        },
        secure ? testCertificate : undefined,
      ),
    );
    await transfer.download(`${scheme}://${LOGIN}127.0.0.1:${port}/f.bin?v=2`, here, never);
    expect(readFileSync(here, 'utf8')).toBe(CONTENT);
    await transfer.upload(here, `${scheme}://${LOGIN}127.0.0.1:${port}/up.bin`, never);
    const login = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`;
    expect(got).toEqual([
      { method: 'GET', url: '/f.bin?v=2', login, body: '' },
      { method: 'PUT', url: '/up.bin', login, body: CONTENT },
    ]);
  });
});

describe('a web server', () => {
  test.each([
    [401, 'PermissionDenied'],
    [403, 'PermissionDenied'],
    [404, 'Failed'],
    [500, 'Failed'],
  ])('that says %i: %s', async (status, fault) => {
    const port = await running(webServer((_, answer) => answer.writeHead(status).end()));
    writeFileSync(here, CONTENT);
    const address = `http://127.0.0.1:${port}/f`;
    await expect(transfer.download(address, join(folder, 'other'), never)).rejects.toMatchObject({ fault });
    await expect(transfer.upload(here, address, never)).rejects.toMatchObject({ fault });
  });

  test('and a disk that is full', async () => {
    const port = await running(webServer((_, answer) => answer.end(CONTENT)));
    symlinkSync('/dev/full', here);
    await expect(transfer.download(`http://127.0.0.1:${port}/f`, here, never)).rejects.toMatchObject({
      fault: 'Failed',
      message: expect.stringContaining('ENOSPC'),
    });
  });

  test('that has moved the file', async () => {
    const port = await running(
      webServer((request, answer) =>
        request.url === '/old' ? answer.writeHead(302, { location: '/new' }).end() : answer.end(CONTENT),
      ),
    );
    await transfer.download(`http://127.0.0.1:${port}/old`, here, never);
    expect(readFileSync(here, 'utf8')).toBe(CONTENT);
  });

  test('that leads on for ever is given up', async () => {
    const port = await running(webServer((_, answer) => answer.writeHead(302, { location: '/again' }).end()));
    await expect(transfer.download(`http://127.0.0.1:${port}/f`, here, never)).rejects.toMatchObject({
      message: expect.stringContaining('on and on'),
    });
  });

  test('that hangs is given up, before its answer and in it', async () => {
    const port = await running(
      webServer((request, answer) => {
        if (request.url === '/begun') answer.writeHead(200, { 'content-length': '1000' }).write('some');
      }),
    );
    for (const path of ['never', 'begun'])
      await expect(impatient().download(`http://127.0.0.1:${port}/${path}`, here, never)).rejects.toMatchObject({
        fault: 'Failed',
        message: expect.stringContaining('nothing has moved'),
      });
    expect(existsSync(here)).toBe(false);
  });

  test('that breaks off in the middle leaves nothing', async () => {
    const port = await running(
      webServer((_, answer) => {
        answer.writeHead(200, { 'content-length': '1000' }).write('some');
        soon(() => answer.destroy());
      }),
    );
    await expect(transfer.download(`http://127.0.0.1:${port}/f`, here, never)).rejects.toMatchObject({
      fault: 'Failed',
    });
    expect(existsSync(here)).toBe(false);
  });

  test('that is told to stop stops', async () => {
    const abort = new AbortController();
    const port = await running(webServer(() => abort.abort(new Error('called off'))));
    await expect(transfer.download(`http://127.0.0.1:${port}/f`, here, abort.signal)).rejects.toMatchObject({
      message: expect.stringContaining('called off'),
    });
  });
});

test('an FTP server that hangs, and one that is not there, are given up', async () => {
  const open: Socket[] = [];
  const silent = createServer((socket) => void open.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  servers.push({
    close: async () => {
      for (const socket of open) socket.destroy();
      silent.close();
      await once(silent, 'close');
    },
  });
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const target of [port, 1])
    await expect(impatient().download(`ftp://127.0.0.1:${target}/f`, here, never)).rejects.toMatchObject({
      fault: 'Failed',
    });
});

function impatient(): FileTransfer {
  return new FileTransfer({ clock: new RealClock(), silenceMs: IMPATIENT_MS });
}

function soon(work: () => void): void {
  new RealClock().setTimer(20, work);
}
