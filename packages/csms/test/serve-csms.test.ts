import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFields, type Logger, RealClock, SqliteStore, systemRandom } from '@chargemesh/base';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { parseAnswer } from '../src/answers/parse-answer.ts';
import { LEDGER_MIGRATIONS } from '../src/ledger/ledger-store.ts';
import { type ServeCsmsOptions, type ServedCsms, serveCsms } from '../src/serve-csms.ts';
import { checkTranscript } from '../src/transcript/check-transcript.ts';
import { at, startRequest, stopRequest } from './support/play.ts';

const folder = mkdtempSync(join(tmpdir(), 'csms-'));
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly message: string;
  readonly fields: LogFields;
}

async function serve(options: Partial<ServeCsmsOptions> = {}): Promise<ServedCsms & { log: Line[] }> {
  const log: Line[] = [];
  const write = (message: string, fields: LogFields = {}): void => void log.push({ message, fields });
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const served = await serveCsms({ clock: new RealClock(), random: systemRandom, log: logger, ...options });
  ends.push(() => served.stop());
  return { ...served, log };
}

/** A station on a real socket. */
class Station {
  readonly socket: WebSocket;
  #ids = 0;

  constructor(url: string, protocols: string[] = ['ocpp1.6'], headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, protocols, { headers });
    this.socket.on('error', () => {});
    ends.push(() => this.socket.terminate());
  }

  async open(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  async say(action: string, payload: unknown): Promise<unknown> {
    const answer = once(this.socket, 'message');
    this.socket.send(JSON.stringify([2, `${++this.#ids}`, action, payload]));
    return JSON.parse(String((await answer)[0]))[2];
  }

  /** Answers each CALL of the CSMS with this. */
  answer(payload: unknown): void {
    this.socket.on('message', (data) => {
      const [type, id] = JSON.parse(String(data));
      if (type === 2) this.socket.send(JSON.stringify([3, id, payload]));
    });
  }
}

/** What lies below a websocket. */
function socketOf({ socket }: Station): Socket {
  return Reflect.get(socket, '_socket');
}

/** The HTTP status with which an upgrade is refused. */
async function refused(station: Station): Promise<number | undefined> {
  const [, response] = await once(station.socket, 'unexpected-response');
  return response.statusCode;
}

describe('on a real socket', () => {
  test('a station charges, on any path, and the transcript says so', async () => {
    const tagsFile = join(folder, 'tags.yaml');
    writeFileSync(tagsFile, 'tags: { TAG1: Accepted }\n');
    const transcriptFile = join(folder, 'frames.ndjson');
    const { csms, url, port, stop } = await serve({ tagsFile, transcriptFile });
    expect(url).toBe(`ws://127.0.0.1:${port}`);
    const station = await new Station(`${url}/some/where/cp%20001?x=1`).open();
    expect(station.socket.protocol).toBe('ocpp1.6');
    expect(await station.say('Authorize', { idTag: 'tag1' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await station.say('Authorize', { idTag: 'other' })).toEqual({ idTagInfo: { status: 'Invalid' } });
    expect(await station.say('StartTransaction', startRequest())).toMatchObject({ transactionId: 1 });
    station.answer({ status: 'Accepted' });
    expect(await csms.call('cp 001', 'RemoteStopTransaction', { transactionId: 1 })).toEqual({
      kind: 'result',
      payload: { status: 'Accepted' },
    });
    expect(csms.ledger('cp 001').transactions).toMatchObject([{ id: 1, idTag: 'TAG1', stopped: null }]);
    expect(csms.violations).toEqual([]);
    const closed = once(station.socket, 'close');
    await stop();
    await closed;
    const lines = readFileSync(transcriptFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(10);
    expect(checkTranscript(lines)).toEqual([]);
  });

  test('a station that can compress does, in both directions', async () => {
    const { csms, url } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    expect(station.socket.extensions).toBe('permessage-deflate');
    const data = 'long '.repeat(5000);
    station.answer({ status: 'Accepted', data });
    const { bytesWritten: before } = socketOf(station);
    expect(await csms.call('cp001', 'DataTransfer', { vendorId: 'x', data })).toMatchObject({ payload: { data } });
    expect(socketOf(station).bytesWritten - before).toBeLessThan(data.length / 10);
  });

  test('the cards of config/tags.yaml are the default', async () => {
    const { url } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    expect(await station.say('Authorize', { idTag: 'DEADBEEF' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await station.say('Authorize', { idTag: 'STOLEN01' })).toEqual({ idTagInfo: { status: 'Blocked' } });
  });

  test('a tags file that is not there, or wrong, is one readable line', async () => {
    await expect(serve({ tagsFile: join(folder, 'none.yaml') })).rejects.toMatchObject({ code: 'CSMS_TAGS_INVALID' });
    const tagsFile = join(folder, 'wrong.yaml');
    writeFileSync(tagsFile, 'tags:\n  A: Nope\n');
    await expect(serve({ tagsFile })).rejects.toThrow(`${tagsFile}:2:6: "Nope" is no status`);
  });

  // steve#135, sap-labs-france/ev-server#2761
  test('a client that does not offer ocpp1.6 is refused, and the log says why', async () => {
    const { url, log } = await serve();
    expect(await refused(new Station(`${url}/cp001`, ['ocpp2.0.1']))).toBe(400);
    expect(await refused(new Station(`${url}/cp001`, []))).toBe(400);
    expect(log.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'refused /cp001: the station has to offer the sub-protocol ocpp1.6, it offers ocpp2.0.1',
        'refused /cp001: the station has to offer the sub-protocol ocpp1.6, it offers none',
      ]),
    );
    expect((await new Station(`${url}/cp001`, ['ocpp2.0.1', 'ocpp1.6']).open()).socket.protocol).toBe('ocpp1.6');
    expect(await refused(new Station(url))).toBe(404);
  });

  test('passwords, where they are set', async () => {
    const { url } = await serve({ passwords: { cp001: 'secret' } });
    const basic = (password: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`cp001:${password}`).toString('base64')}`,
    });
    expect(await refused(new Station(`${url}/cp001`, ['ocpp1.6'], basic('wrong')))).toBe(401);
    await new Station(`${url}/cp001`, ['ocpp1.6'], basic('secret')).open();
    await new Station(`${url}/cp002`, ['ocpp1.6'], basic('whatever')).open();
  });

  test('refuse, and take again', async () => {
    const { url, csms } = await serve();
    csms.refuse(true);
    expect(await refused(new Station(`${url}/cp001`))).toBe(503);
    csms.refuse(false);
    await new Station(`${url}/cp001`).open();
  });

  test('the answer to the upgrade comes late', async () => {
    const { url, csms } = await serve();
    csms.delayUpgrade(80);
    const clock = new RealClock();
    const before = clock.monotonicMs();
    await new Station(`${url}/cp001`).open();
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(78);
  });

  test('drop, cleanly and not', async () => {
    const { url, csms } = await serve();
    const first = await new Station(`${url}/cp001`).open();
    csms.drop('cp001');
    expect((await once(first.socket, 'close'))[0]).toBe(1006);
    const second = await new Station(`${url}/cp001`).open();
    csms.drop('cp001', 'clean');
    expect((await once(second.socket, 'close'))[0]).toBe(1001);
    expect(csms.list()).toMatchObject([{ connected: false }]);
  });

  test('half open: not even a ping is answered, until it is over', async () => {
    const { url, csms } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    await station.say('Heartbeat', {});
    csms.halfOpen('cp001');
    const pong = once(station.socket, 'pong');
    station.socket.ping();
    // A second station goes to and fro; had the first one's ping been read, its pong would have come by then.
    const other = await new Station(`${url}/cp002`).open();
    let ponged = false;
    void pong.then(() => {
      ponged = true;
    });
    for (let times = 0; times < 20; times++) await other.say('Heartbeat', {});
    expect(ponged).toBe(false);
    csms.halfOpen('cp001', false);
    await pong;
  });

  test('a new connection cuts the old one', async () => {
    const { url } = await serve();
    const old = await new Station(`${url}/cp001`).open();
    const closed = once(old.socket, 'close');
    const young = await new Station(`${url}/cp001`).open();
    expect((await closed)[0]).toBe(1006);
    expect(await young.say('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('garbage reaches the station', async () => {
    const { url, csms } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    csms.setAnswer('Heartbeat', parseAnswer(['garbage']));
    station.socket.send('[2,"1","Heartbeat",{}]');
    expect(String((await once(station.socket, 'message'))[0])).toContain('{not JSON');
  });

  test('whoever asks without a websocket is told what is wanted', async () => {
    const { port } = await serve();
    const response = await fetch(`http://127.0.0.1:${port}/cp001`);
    expect(response.status).toBe(426);
    expect(await response.text()).toContain('ocpp1.6');
  });

  test('a taken port is an error, and stopping twice is none', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    ends.push(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const { stop, port: own } = await serve();
    await stop();
    await stop();
    const socket = createConnection(own, '127.0.0.1');
    expect(await once(socket, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  test('the ledger and the stations outlive a stop and a start', async () => {
    const { csms, url } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    await station.say('StartTransaction', startRequest());
    await csms.stop();
    const again = await csms.start();
    const back = await new Station(`${again.url}/cp001`).open();
    expect(await back.say('StartTransaction', startRequest())).toMatchObject({ transactionId: 1 });
    expect(csms.violations).toEqual([]);
  });
});

describe('with a file for the ledger', () => {
  test('the next process goes on where the last one ended', async () => {
    const ledgerFile = join(folder, 'kept', 'csms.db');
    const first = await serve({ ledgerFile });
    const station = await new Station(`${first.url}/cp001`).open();
    await station.say('StartTransaction', startRequest());
    await first.stop();
    await first.stop();
    const { csms, url } = await serve({ ledgerFile });
    const back = await new Station(`${url}/cp001`).open();
    expect(await back.say('StopTransaction', stopRequest(5, 110))).toEqual({});
    expect(await back.say('StartTransaction', startRequest({ timestamp: at(10) }))).toMatchObject({ transactionId: 2 });
    expect(csms.violations).toEqual([]);
    expect(csms.ledger('cp001').transactions).toMatchObject([{ id: 1, stopped: at(5) }, { id: 2 }]);
  });

  test('one that is damaged is moved aside, said aloud, and begun anew', async () => {
    const ledgerFile = join(folder, 'damaged.db');
    writeFileSync(ledgerFile, 'no database at all, but long enough to be taken for one'.repeat(20));
    const { csms, log } = await serve({ ledgerFile });
    expect(csms.list()).toEqual([]);
    const said = log.map(({ message }) => message).find((message) => message.includes(ledgerFile));
    expect(said).toContain(`it was moved to ${ledgerFile}.corrupt and a new one begun`);
    expect(existsSync(`${ledgerFile}.corrupt`)).toBe(true);
  });

  test('one that a later version wrote ends the start, and is left alone', async () => {
    const ledgerFile = join(folder, 'later.db');
    const later = LEDGER_MIGRATIONS.length + 1;
    new SqliteStore({
      path: ledgerFile,
      migrations: [...LEDGER_MIGRATIONS, { version: later, sql: 'SELECT 1' }],
    }).close();
    await expect(serve({ ledgerFile })).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    expect(existsSync(ledgerFile)).toBe(true);
  });
});

describe('the schemas', () => {
  test('are held up by default, against the station and against whoever sends requests', async () => {
    const { url, csms } = await serve();
    const station = await new Station(`${url}/cp001`).open();
    await station.say('Heartbeat', { extra: 1 });
    expect(csms.violations.map(({ rule }) => rule).sort()).toEqual(['FIELD_UNKNOWN', 'SCHEMA']);
    await expect(csms.call('cp001', 'Reset', { type: 'Warm' })).rejects.toMatchObject({
      code: 'CSMS_CALL_INVALID',
      message: 'Reset is refused by its schema: /type must be one of Hard, Soft (enum)',
    });
  });
});
