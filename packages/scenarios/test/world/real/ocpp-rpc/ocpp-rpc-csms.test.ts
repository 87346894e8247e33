import { silentLogger, VirtualClock } from '@chargemesh/base';
import { type Behaviour, parseAnswer } from '@chargemesh/csms';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import library, { type RPCClient } from 'ocpp-rpc';
import { OcppRpcCsms } from '../../../../src/world/real/ocpp-rpc/ocpp-rpc-csms.ts';

const clock = new VirtualClock();
const validator = createFrameValidator({ strict: true });
let csms: OcppRpcCsms;
let station: RPCClient;
let frames: string[];
let url: string;

beforeEach(async () => {
  csms = new OcppRpcCsms({ clock, validator, log: silentLogger, transcript: () => {} });
  ({ url } = await csms.start());
  frames = [];
  csms.onFrame(({ dir, text }) => frames.push(`${dir} ${text}`));
  station = client(url);
});

afterEach(async () => {
  await station.close({ force: true });
  await csms.stop();
});

function client(endpoint: string): RPCClient {
  const options = { endpoint, identity: 'cp', protocols: ['ocpp1.6'], reconnect: false };
  // The declarations ask for what has a default.
  const made: RPCClient = Reflect.construct(library.RPCClient, [options]);
  made.handle('GetConfiguration', async () => ({ configurationKey: [] }));
  made.handle('ClearCache', async () => ({ status: 'Maybe' }));
  made.handle('Reset', () => Promise.reject(library.createRPCError('NotSupported', 'not here')));
  made.handle('GetLocalListVersion', () => new Promise(() => {}));
  return made;
}

const start = { connectorId: 1, idTag: 'X', meterStart: 0, timestamp: '2026-01-01T00:00:00Z' };

async function boot(): Promise<void> {
  await station.connect();
  await station.call('BootNotification', { chargePointVendor: 'A', chargePointModel: 'B' });
}

test('a station is answered, and every frame is seen', async () => {
  await boot();
  const answer = await station.call('StartTransaction', start);
  expect(answer).toMatchObject({ idTagInfo: { status: 'Accepted' } });
  expect(frames.map((frame) => frame.replace(/"[-0-9a-f]{36}"/, 'id'))).toEqual([
    'event connected /cp',
    expect.stringMatching(/^rx \[2,id,"BootNotification"/),
    expect.stringMatching(/^tx \[3,id,\{"status":"Accepted"/),
    expect.stringMatching(/^rx \[2,id,"StartTransaction"/),
    expect.stringMatching(/^tx \[3,id,\{"transactionId":/),
  ]);
  expect(csms.ledger('cp')).toMatchObject({ registration: 'Accepted', transactions: [{ idTag: 'X' }] });
  expect(csms.violations).toEqual([]);
});

describe('a request of the CSMS', () => {
  test('is answered', async () => {
    await boot();
    expect(await csms.call('cp', 'GetConfiguration')).toEqual({ kind: 'result', payload: { configurationKey: [] } });
  });

  test('is answered by a CALLERROR', async () => {
    await boot();
    expect(await csms.call('cp', 'Reset', { type: 'Hard' })).toMatchObject({
      kind: 'error',
      code: 'NotSupported',
      description: 'not here',
    });
  });

  test('is not sent against the schemas', async () => {
    await boot();
    await expect(csms.call('cp', 'Reset', { type: 'Lukewarm' })).rejects.toMatchObject({ code: 'CSMS_CALL_INVALID' });
    await expect(csms.call('cp', 'Explode')).rejects.toMatchObject({ code: 'CSMS_CALL_INVALID' });
  });

  test('may stay without an answer', async () => {
    await boot();
    const call = csms.call('cp', 'GetLocalListVersion', {}, { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({ code: 'CSMS_CALL_TIMEOUT' });
  });

  test('is lost with the link', async () => {
    await boot();
    const call = csms.call('cp', 'GetLocalListVersion');
    csms.drop('cp');
    await expect(call).rejects.toMatchObject({ code: 'CSMS_LINK_LOST' });
    expect(csms.list()).toMatchObject([{ connected: false }]);
    await expect(csms.call('cp', 'ClearCache')).rejects.toMatchObject({ code: 'CSMS_NOT_CONNECTED' });
  });

  test('shows an answer that the schemas refuse', async () => {
    await boot();
    await csms.call('cp', 'ClearCache');
    const said = csms.violations.map(({ message }) => message);
    expect(said).toContainEqual(expect.stringMatching(/^ocpp-rpc on ClearCache/));
  });
});

describe('an answer otherwise than it should be', () => {
  const told = (words: string): Behaviour => parseAnswer(words.split(' '));

  test.each([
    ['CALLERROR InternalError broken', '[4,id,"InternalError","broken",{}]'],
    ['CALLERROR Outlandish', '[4,id,"Outlandish","",{}]'],
    ['garbage', '[3,id,{not JSON'],
    ['{"transactionId":5}', '[3,id,{"transactionId":5,"idTagInfo":{"status":"Accepted"}}]'],
    ['replace {"transactionId":"five"}', '[3,id,{"transactionId":"five"}]'],
  ])('%s', async (words, frame) => {
    await boot();
    csms.setAnswer('StartTransaction', told(words), { next: 1 });
    const answered = passed(/^tx/);
    const asked = station.call('StartTransaction', start).catch(() => {});
    await answered;
    expect(frames.at(-1)?.replace(/"[-0-9a-f]{36}"/, 'id')).toBe(`tx ${frame}`);
    await station.close({ force: true });
    await asked;
  });

  test('never, and then as it should', async () => {
    await boot();
    csms.setAnswer('Heartbeat', told('never'), { next: 1 });
    await expect(station.call('Heartbeat', {}, { callTimeoutMs: 30 })).rejects.toThrow('timeout');
    expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('late', async () => {
    await boot();
    csms.setAnswer('Heartbeat', told('late 35s'), { next: 1 });
    const came = passed(/^rx .*"Heartbeat"/);
    const asked = station.call('Heartbeat', {});
    await came;
    await clock.advance(34_999);
    expect(frames.at(-1)).toMatch(/^rx .*"Heartbeat"/);
    await clock.advance(1);
    expect(await asked).toHaveProperty('currentTime');
  });
});

describe('the link', () => {
  test('is refused until it is not', async () => {
    csms.refuse(true);
    await expect(station.connect()).rejects.toThrow();
    csms.refuse(false);
    await station.connect();
    expect(csms.list()).toMatchObject([{ station: 'cp', connected: true }]);
  });

  test('takes its time', async () => {
    csms.delayUpgrade(2_000);
    const [waits, goesOn] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
    jest.spyOn(clock, 'sleep').mockImplementationOnce((delayMs) => {
      waits.resolve(delayMs);
      return goesOn.promise;
    });
    const connecting = station.connect();
    expect(await waits.promise).toBe(2_000);
    expect(csms.list()).toEqual([]);
    goesOn.resolve();
    await connecting;
    expect(csms.list()).toMatchObject([{ station: 'cp', connected: true }]);
  });

  test('is never half open', () => {
    expect(() => csms.halfOpen()).toThrow('half open');
  });

  test('of a station that comes again takes the place of the old one', async () => {
    await boot();
    const again = client(url);
    await again.connect();
    expect(frames.slice(-2)).toEqual(['event disconnected', 'event connected /cp']);
    expect(csms.list()).toMatchObject([{ station: 'cp', connected: true }]);
    await again.close({ force: true });
  });
});

/** Resolves when such a frame passes. */
function passed(pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const listening = csms.onFrame(({ dir, text }) => {
      if (!pattern.test(`${dir} ${text}`)) return;
      listening.cancel();
      resolve();
    });
  });
}
