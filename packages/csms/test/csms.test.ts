import { describe, expect, test } from '@jest/globals';
import { parseAnswer } from '../src/answers/parse-answer.ts';
import { checkTranscript } from '../src/transcript/check-transcript.ts';
import { at, meterRequest, START_MS, startRequest, stopRequest } from './support/play.ts';
import { VirtualStation, virtualCsms } from './support/virtual-station.ts';

const BOOT = { chargePointVendor: 'Vendor', chargePointModel: 'Model' };

describe('what a station is answered', () => {
  const answers: readonly (readonly [string, unknown, unknown])[] = [
    ['BootNotification', BOOT, { status: 'Accepted', currentTime: at(0), interval: 60 }],
    ['Heartbeat', {}, { currentTime: at(0) }],
    ['Authorize', { idTag: 'tag1' }, { idTagInfo: { status: 'Accepted', parentIdTag: 'GROUP' } }],
    ['Authorize', { idTag: 'STOLEN' }, { idTagInfo: { status: 'Blocked' } }],
    ['Authorize', { idTag: 'STRANGER' }, { idTagInfo: { status: 'Invalid' } }],
    ['StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' }, {}],
    ['StartTransaction', startRequest({ idTag: 'STOLEN' }), { transactionId: 1, idTagInfo: { status: 'Blocked' } }],
    ['StopTransaction', { transactionId: 9, meterStop: 1, timestamp: at(0) }, {}],
    [
      'StopTransaction',
      { transactionId: 9, meterStop: 1, timestamp: at(0), idTag: 'TAG1' },
      { idTagInfo: { status: 'Accepted', parentIdTag: 'GROUP' } },
    ],
    ['MeterValues', { connectorId: 1, meterValue: [] }, {}],
    ['DataTransfer', { vendorId: 'v' }, { status: 'UnknownVendorId' }],
    ['DiagnosticsStatusNotification', { status: 'Idle' }, {}],
    ['FirmwareStatusNotification', { status: 'Idle' }, {}],
    ['LogStatusNotification', { status: 'Idle' }, {}],
    ['SignedFirmwareStatusNotification', { status: 'Idle' }, {}],
    ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: at(0) }, {}],
    ['SignCertificate', { csr: 'x' }, { status: 'Accepted' }],
    ['ClearCache', {}, ['NotImplemented', 'ClearCache is not implemented']],
    ['Invented', {}, ['NotImplemented', 'Invented is not implemented']],
  ];
  test.each(answers)('%s %j', (action, payload, answer) => {
    const { csms } = virtualCsms({ bootIntervalS: 60 });
    expect(new VirtualStation(csms).say(action, payload)).toEqual(answer);
  });

  test('transactions are numbered over all stations, a start that comes again keeps its number', () => {
    const { csms } = virtualCsms();
    const [one, two] = [new VirtualStation(csms, 'a'), new VirtualStation(csms, 'b')];
    const numbers = [
      one.say('StartTransaction', startRequest()),
      two.say('StartTransaction', startRequest()),
      one.say('StopTransaction', stopRequest(10, 110)),
      one.say('StartTransaction', startRequest({ timestamp: at(20) })),
    ].map((answer) => (answer as { transactionId?: number }).transactionId);
    expect(numbers).toEqual([1, 2, undefined, 3]);
    one.disconnect();
    one.connect();
    expect(one.say('StartTransaction', startRequest({ timestamp: at(20) }))).toMatchObject({ transactionId: 3 });
    expect(csms.violations).toEqual([]);
    expect(csms.ledger('a').transactions).toMatchObject([
      { id: 1, energyWh: 10, reason: 'Local', resends: { start: 0 } },
      { id: 3, stopped: null, resends: { start: 1 } },
    ]);
  });

  test('a card for one transaction at a time is ConcurrentTx in a second one, at any station', () => {
    const { csms } = virtualCsms();
    const [one, two] = [new VirtualStation(csms, 'a'), new VirtualStation(csms, 'b')];
    const start = (): unknown => startRequest({ idTag: 'SINGLE' });
    expect(one.say('StartTransaction', start())).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    expect(one.say('Authorize', { idTag: 'SINGLE' })).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    expect(two.say('StartTransaction', start())).toMatchObject({ idTagInfo: { status: 'ConcurrentTx' } });
    one.say('StopTransaction', stopRequest(5, 100));
    two.say('StopTransaction', stopRequest(5, 100, { transactionId: 2 }));
    expect(two.say('StartTransaction', startRequest({ idTag: 'single', timestamp: at(9) }))).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
  });
});

describe('answers on demand', () => {
  test('CALLERROR for the next two starts, then the third has number 1', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.setAnswer('StartTransaction', parseAnswer(['CALLERROR', 'InternalError', 'try', 'later']), { next: 2 });
    for (let times = 0; times < 2; times++)
      expect(station.say('StartTransaction', startRequest())).toEqual(['InternalError', 'try later']);
    expect(station.say('StartTransaction', startRequest())).toMatchObject({ transactionId: 1 });
    expect(csms.ledger('cp001').transactions).toMatchObject([{ id: 1, resends: { start: 2 } }]);
    expect(csms.violations).toEqual([]);
  });

  test('a payload is merged into the right one, or replaces it', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.setAnswer('BootNotification', parseAnswer(['{"status":"Pending","interval":null}']), { next: 1 });
    expect(station.say('BootNotification', BOOT)).toEqual({ status: 'Pending', currentTime: at(0) });
    csms.setAnswer('Heartbeat', parseAnswer(['replace', '{}']), { next: 1 });
    expect(station.say('Heartbeat', {})).toEqual({});
    csms.setAnswer('StartTransaction', parseAnswer(['{"transactionId":0}']));
    station.say('StartTransaction', startRequest());
    // tommymalmqvist/rust-ocpp#27: 0 is an id.
    expect(csms.ledger('cp001').transactions).toMatchObject([{ id: 0 }]);
  });

  test('late comes when it is due, and not at all after the connection', async () => {
    const { csms, clock } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.setAnswer('Heartbeat', parseAnswer(['late', '35s']), { next: 2 });
    const id = station.send('Heartbeat', {});
    await clock.advance(34_999);
    expect(station.answerTo(id)).toBeUndefined();
    await clock.advance(1);
    expect(station.answerTo(id)).toEqual({ currentTime: at(35) });
    const lost = station.send('Heartbeat', {});
    station.disconnect();
    station.connect();
    await clock.advance(60_000);
    expect(station.answerTo(lost)).toBeUndefined();
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test('a late first answer and the answer to the resend name the same transaction', async () => {
    const { csms, clock } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.setAnswer('StartTransaction', parseAnswer(['late', '40s']), { next: 1 });
    const first = station.send('StartTransaction', startRequest());
    await clock.advance(30_000);
    const second = station.say('StartTransaction', startRequest());
    await clock.advance(10_000);
    expect(second).toMatchObject({ transactionId: 1 });
    expect(station.answerTo(first)).toMatchObject({ transactionId: 1 });
    expect(csms.violations).toEqual([]);
  });

  test('never, and garbage', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.setAnswer('*', parseAnswer(['never']), { next: 1 });
    csms.setAnswer('Heartbeat', parseAnswer(['garbage']), { next: 1 });
    station.send('Heartbeat', {});
    expect(station.got).toEqual([expect.stringMatching(/^\[3,"cp001-1",/)]);
    station.send('Authorize', { idTag: 'TAG1' });
    expect(station.got).toHaveLength(1);
  });
});

describe('requests to a station', () => {
  test('are answered with a payload or a CALLERROR, one after the other', async () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    const first = csms.call('cp001', 'RemoteStartTransaction', { idTag: 'TAG1' });
    const second = csms.call('cp001', 'ClearCache');
    await Promise.resolve();
    expect(station.lastCall().slice(2)).toEqual(['RemoteStartTransaction', { idTag: 'TAG1' }]);
    station.reply({ status: 'Accepted' });
    expect(await first).toEqual({ kind: 'result', payload: { status: 'Accepted' } });
    station.raw(JSON.stringify([4, station.lastCall()[1], 'NotSupported', 'off', {}]));
    expect(await second).toMatchObject({ kind: 'error', code: 'NotSupported', description: 'off' });
    expect(csms.violations).toEqual([]);
  });

  test('are refused by the schemas with the faults, unless they are forced', async () => {
    const validator = {
      isAction: (name: string) => name === 'Reset',
      request: () => [{ path: '/type', rule: 'enum', message: 'must be one of Hard, Soft' }],
      response: () => [],
    };
    const { csms } = virtualCsms({ validator });
    const station = new VirtualStation(csms);
    await expect(csms.call('cp001', 'Reset', { type: 'Warm' })).rejects.toMatchObject({
      code: 'CSMS_CALL_INVALID',
      message: 'Reset is refused by its schema: /type must be one of Hard, Soft (enum)',
    });
    await expect(csms.call('cp001', 'Invented')).rejects.toMatchObject({ code: 'CSMS_CALL_INVALID' });
    expect(station.got).toEqual([]);
    const forced = csms.call('cp001', 'Reset', { type: 'Warm' }, { force: true });
    await Promise.resolve();
    station.reply({ status: 'Rejected' });
    expect(await forced).toMatchObject({ kind: 'result' });
  });

  test('time out, and the next one goes out', async () => {
    const { csms, clock } = virtualCsms();
    const station = new VirtualStation(csms);
    const first = csms.call('cp001', 'ClearCache', {}, { timeoutMs: 500 });
    const second = csms.call('cp001', 'GetLocalListVersion');
    const failed = expect(first).rejects.toMatchObject({ code: 'CSMS_CALL_TIMEOUT' });
    await clock.advance(500);
    await failed;
    expect(station.lastCall()[2]).toBe('GetLocalListVersion');
    station.reply({ listVersion: 0 });
    expect(await second).toMatchObject({ payload: { listVersion: 0 } });
  });

  test('fail where the station leaves, is away, or was never there', async () => {
    const { csms } = virtualCsms();
    await expect(csms.call('cp001', 'ClearCache')).rejects.toMatchObject({ code: 'CSMS_UNKNOWN_STATION' });
    const station = new VirtualStation(csms);
    const call = csms.call('cp001', 'ClearCache');
    station.disconnect();
    await expect(call).rejects.toMatchObject({ code: 'CSMS_LINK_LOST' });
    await expect(csms.call('cp001', 'ClearCache')).rejects.toMatchObject({ code: 'CSMS_NOT_CONNECTED' });
  });

  test('a raw text goes out as it is', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.sendRaw('cp001', '{half');
    expect(station.got).toEqual(['{half']);
    station.raw('[4,"-1","GenericError","",{}]');
    expect(csms.violations).toEqual([]);
  });
});

describe('connections', () => {
  test('a new one of the same station takes the place of the old one', () => {
    const { csms } = virtualCsms();
    const old = new VirtualStation(csms);
    const young = new VirtualStation(csms);
    expect(old.closed).toBe('cut');
    expect(old.say('Heartbeat', {})).toBeUndefined();
    expect(young.say('Heartbeat', {})).toEqual({ currentTime: at(0) });
    expect(csms.list()).toMatchObject([{ station: 'cp001', connected: true }]);
  });

  test('are dropped, cleanly or not', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.drop('cp001');
    expect(station.closed).toBe('cut');
    expect(csms.list()).toMatchObject([{ connected: false }]);
    expect(() => csms.drop('cp001')).toThrow(expect.objectContaining({ code: 'CSMS_NOT_CONNECTED' }));
    station.connect();
    csms.drop('cp001', 'clean');
    expect(station.closed).toBe('clean');
  });

  test('half open: nothing is read and nothing is sent', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    csms.halfOpen('cp001');
    expect(station.paused).toBe(true);
    expect(station.say('Heartbeat', {})).toBeUndefined();
    expect(csms.ledger('cp001')).toMatchObject({ connected: true, halfOpen: true });
    station.connect();
    expect(station.say('Heartbeat', {})).toEqual({ currentTime: at(0) });
    csms.halfOpen('cp001');
    csms.halfOpen('cp001', false);
    expect(station.paused).toBe(false);
    expect(station.say('Heartbeat', {})).toEqual({ currentTime: at(0) });
  });
});

describe('what is kept', () => {
  test('violations, by station, until they are cleared', () => {
    const { csms } = virtualCsms();
    const heard: string[] = [];
    const listener = csms.onViolation(({ rule }) => heard.push(rule));
    const station = new VirtualStation(csms);
    station.say('Authorize', { idTag: 'x'.repeat(21) });
    expect(csms.violations).toMatchObject([
      { station: 'cp001', at: at(0), rule: 'FIELD_LENGTH', frame: expect.stringContaining('Authorize') },
    ]);
    expect(csms.list()).toMatchObject([{ violations: 1 }]);
    listener.cancel();
    station.raw('nonsense');
    expect(heard).toEqual(['FIELD_LENGTH']);
    csms.clearViolations();
    expect(csms.violations).toEqual([]);
  });

  test('frames, and a transcript that shows the same violations again', () => {
    const { csms, lines } = virtualCsms();
    const seen: string[] = [];
    csms.onFrame(({ dir, text }) => seen.push(`${dir} ${text.slice(0, 12)}`));
    const station = new VirtualStation(csms);
    station.say('BootNotification', BOOT);
    station.say('StartTransaction', startRequest());
    station.say('MeterValues', meterRequest(5, 150));
    station.say('StopTransaction', stopRequest(10, 120));
    station.raw('nonsense');
    station.disconnect();
    expect(csms.violations.map(({ rule }) => rule)).toEqual(['TX_METER_FALLS', 'RPC_NOT_JSON']);
    expect(checkTranscript(lines)).toEqual(csms.violations);
    expect(csms.frames('cp001').map(({ dir, text }) => `${dir} ${text.slice(0, 12)}`)).toEqual(seen);
    expect(seen[0]).toBe('event connected /c');
    expect(seen).toHaveLength(11);
    expect(csms.frames('cp001')[0]).toMatchObject({ station: 'cp001', atMs: START_MS });
  });

  test('the last energy, power and current of a transaction', () => {
    const { csms } = virtualCsms();
    const station = new VirtualStation(csms);
    station.say('StartTransaction', startRequest());
    const sample = (value: string, measurand: string, more: object = {}): object => ({ value, measurand, ...more });
    station.say('MeterValues', {
      connectorId: 1,
      transactionId: 1,
      meterValue: [
        {
          timestamp: at(60),
          sampledValue: [
            sample('0.35', 'Energy.Active.Import.Register', { unit: 'kWh' }),
            sample('11', 'Power.Active.Import', { unit: 'kW' }),
            sample('15.9', 'Current.Import', { phase: 'L1' }),
            sample('16.1', 'Current.Import', { phase: 'L2' }),
            sample('42', 'SoC'),
          ],
        },
      ],
    });
    expect(csms.ledger('cp001').transactions).toEqual([
      {
        id: 1,
        connectorId: 1,
        idTag: 'TAG1',
        meterStartWh: 100,
        started: at(0),
        meterStopWh: null,
        stopped: null,
        reason: null,
        stopIdTag: null,
        superseded: false,
        energyWh: 250,
        powerW: 11_000,
        currentA: 16.1,
        socPercent: 42,
        lastSample: at(60),
        meterValues: 1,
        resends: { start: 0, meterValues: 0, stop: 0 },
      },
    ]);
  });
});
