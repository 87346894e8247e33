import { statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ChargemeshError, silentLogger } from '@chargemesh/base';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ControlClient, type ControlMethod, ControlServer } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const path = join(temporaryFolder(), 'control.sock');
let server: ControlServer;
let client: ControlClient;

beforeEach(async () => {
  server = new ControlServer(silentLogger);
  server.register({ echo: (params) => params });
  await server.listen(path);
  client = await ControlClient.connect(path);
});
afterEach(async () => {
  client.close();
  await server.close();
});

/** Adds a method and calls it. */
function call(method: ControlMethod, onEvent?: (event: unknown) => void): Promise<unknown> {
  server.register({ method });
  return client.call('method', { a: 1 }, onEvent);
}

/** Sends text as it is. @returns as many lines as are asked for */
async function raw(text: string, lines: number): Promise<unknown[]> {
  const socket = connect(path);
  let received = '';
  socket.setEncoding('utf8');
  socket.write(text);
  for await (const part of socket) {
    received += String(part);
    if (received.split('\n').length > lines) break;
  }
  return received
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a call', () => {
  test('brings back what the method returns', async () => {
    expect(await client.call('echo', { text: 'grün\n2' })).toEqual({ text: 'grün\n2' });
    expect(await call(() => undefined)).toBeNull();
    expect(await call(async (params) => [params])).toEqual([{ a: 1 }]);
  });

  test('brings back code and message of an error', async () => {
    const failing = call(() => {
      throw new ChargemeshError('CSMS_UNKNOWN_STATION', 'there is no station x');
    });
    await expect(failing).rejects.toMatchObject({ code: 'CSMS_UNKNOWN_STATION', message: 'there is no station x' });
    const broken = call(async () => {
      throw new RangeError('oops');
    });
    await expect(broken).rejects.toMatchObject({ code: 'INTERNAL', message: 'oops' });
  });

  test('of a method that there is not', async () => {
    await expect(client.call('nothing')).rejects.toMatchObject({
      code: 'CONTROL_UNKNOWN_METHOD',
      message: 'this mesh has no method nothing',
    });
  });

  test('brings events before its result, in order, and only to its own caller', async () => {
    const heard: unknown[] = [];
    const other: unknown[] = [];
    const second = client.call('echo', 2, (event) => other.push(event));
    const result = await call(
      (_, { emit }) => {
        for (const number of [1, 2, 3]) emit({ number });
        return 'done';
      },
      (event) => heard.push(event),
    );
    expect([await second, result]).toEqual([2, 'done']);
    expect(heard).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    expect(other).toEqual([]);
  });

  test('that takes long does not hold up the next one', async () => {
    const held = Promise.withResolvers<string>();
    const slow = call(() => held.promise);
    expect(await client.call('echo', 'quick')).toBe('quick');
    held.resolve('slow');
    expect(await slow).toBe('slow');
  });

  test('may be a megabyte', async () => {
    const text = 'ü'.repeat(500_000);
    expect(await client.call('echo', text)).toBe(text);
  });
});

describe('whoever hangs up', () => {
  test('ends what waits for them', async () => {
    const aborted = Promise.withResolvers<boolean>();
    const started = Promise.withResolvers<void>();
    const waiting = call(async (_, { signal }) => {
      started.resolve();
      signal.addEventListener('abort', () => aborted.resolve(true));
      await aborted.promise;
    });
    const told = expect(waiting).rejects.toMatchObject({ code: 'MESH_GONE' });
    await started.promise;
    client.close();
    expect(await aborted.promise).toBe(true);
    await told;
  });

  test('is told so where it is the mesh', async () => {
    const waiting = call(() => new Promise(() => {}));
    const told = expect(waiting).rejects.toMatchObject({ code: 'MESH_GONE', message: 'the mesh has ended' });
    await server.close();
    await told;
    await expect(client.call('echo')).rejects.toMatchObject({ code: 'MESH_GONE' });
  });
});

describe('lines that are no request', () => {
  test.each(['{', '[]', '7', '{"id":"x","method":"echo"}', '{"id":1}'])(
    '%s is answered with an error, and the next works',
    async (line) => {
      expect(await raw(`${line}\n\n{"id":5,"method":"echo","params":1}\n`, 2)).toEqual([
        { id: 0, error: { code: 'CONTROL_BAD_REQUEST', message: expect.stringContaining('"method"') } },
        { id: 5, result: 1 },
      ]);
    },
  );

  test('a request in pieces is put together', async () => {
    const socket = connect(path);
    const answer = new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
    const bytes = Buffer.from('{"id":1,"method":"echo","params":"ü"}\n');
    for (const byte of bytes) await new Promise((done) => socket.write(Buffer.of(byte), done));
    expect(await answer).toBe('{"id":1,"result":"ü"}\n');
    socket.destroy();
  });
});

describe('the socket', () => {
  test('is for its user alone', () => {
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('takes the place of one that was left behind', async () => {
    await server.close();
    writeFileSync(path, '');
    server = new ControlServer(silentLogger);
    server.register({ echo: (params) => params });
    await server.listen(path);
    client = await ControlClient.connect(path);
    expect(await client.call('echo', 1)).toBe(1);
  });

  test('that nobody listens on is named', async () => {
    await expect(ControlClient.connect(`${path}.none`)).rejects.toMatchObject({
      code: 'MESH_NOT_RUNNING',
      message: expect.stringContaining(`${path}.none`),
    });
  });
});
