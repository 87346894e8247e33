import { SqliteStore } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { parseAnswer } from '../../src/answers/parse-answer.ts';
import type { Csms } from '../../src/csms.ts';
import { LEDGER_MIGRATIONS, LedgerStore } from '../../src/ledger/ledger-store.ts';
import { at, meterRequest, startRequest, stopRequest } from '../support/play.ts';
import { VirtualStation, virtualCsms } from '../support/virtual-station.ts';

const BOOT = { chargePointVendor: 'Vendor', chargePointModel: 'Model' };

/** One database, and as many runs of the CSMS on it as wanted, one after the other. */
class Runs {
  readonly store = new SqliteStore({ path: ':memory:', migrations: LEDGER_MIGRATIONS });
  #csms: Csms | undefined;

  /** @param how `stopped` as by Ctrl-C, `killed` without a chance to write anything more */
  async next(how: 'stopped' | 'killed' = 'stopped', advanceMs = 0): Promise<Csms> {
    if (how === 'stopped') await this.#csms?.stop();
    const { csms, clock } = virtualCsms({ ledger: new LedgerStore(this.store) });
    await clock.advance(advanceMs);
    this.#csms = csms;
    return csms;
  }
}

describe('a new run of the CSMS', () => {
  test.each(['stopped', 'killed'] as const)(
    'knows the transaction that the last one, %s, left open, and goes on counting',
    async (how) => {
      const runs = new Runs();
      const before = new VirtualStation(await runs.next());
      expect(before.say('StartTransaction', startRequest())).toMatchObject({ transactionId: 1 });
      before.say('MeterValues', meterRequest(10, 150));

      const csms = await runs.next(how);
      expect(csms.list()).toMatchObject([{ station: 'cp001', connected: false }]);
      const after = new VirtualStation(csms);
      after.say('StopTransaction', stopRequest(20, 150, { reason: 'PowerLoss' }));
      expect(after.say('StartTransaction', startRequest({ timestamp: at(30), meterStart: 150 }))).toMatchObject({
        transactionId: 2,
      });
      expect(csms.violations).toEqual([]);
      expect(csms.ledger('cp001').transactions).toMatchObject([
        { id: 1, energyWh: 50, meterValues: 1, lastSample: at(10), stopped: at(20), reason: 'PowerLoss' },
        { id: 2, stopped: null },
      ]);
    },
  );

  test('shows a station just as the last one did, but for its connection', async () => {
    const runs = new Runs();
    const first = await runs.next();
    const station = new VirtualStation(first);
    station.say('BootNotification', BOOT);
    station.say('StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError', timestamp: at(0) });
    station.say('StatusNotification', { connectorId: 2, status: 'Faulted', errorCode: 'GroundFailure', info: 'wet' });
    void first.call('cp001', 'GetConfiguration', { key: ['MinimumStatusDuration'] });
    station.reply({ configurationKey: [{ key: 'MinimumStatusDuration', readonly: false, value: '5' }] });
    const sample = [
      { value: '7400', measurand: 'Power.Active.Import', unit: 'W' },
      { value: '42', measurand: 'SoC', unit: 'Percent' },
    ];
    station.say('StartTransaction', startRequest());
    station.say('MeterValues', meterRequest(5, 120, { meterValue: [{ timestamp: at(5), sampledValue: sample }] }));
    station.say('StartTransaction', startRequest({ connectorId: 2, idTag: 'STOLEN' }));
    station.say('StopTransaction', stopRequest(9, 100, { transactionId: 2, reason: 'DeAuthorized', idTag: 'TAG1' }));
    const { violations, ...before } = first.ledger('cp001');
    expect([violations, before.configuration.MinimumStatusDuration?.value, before.connectors.length]).toEqual([
      0,
      '5',
      2,
    ]);
    expect((await runs.next()).ledger('cp001')).toEqual({ ...before, violations: 0, connected: false });
  });

  test('says of a station that a killed one had connected that it is away since now', async () => {
    const runs = new Runs();
    new VirtualStation(await runs.next());
    expect((await runs.next('killed')).ledger('cp001')).toMatchObject({ connected: false, since: at(0) });
    const third = await runs.next('stopped', 60_000);
    expect(third.ledger('cp001')).toMatchObject({ connected: false, since: at(0) });
  });

  test('does not bring up again what the last one found', async () => {
    const runs = new Runs();
    const first = await runs.next();
    new VirtualStation(first).say('StopTransaction', stopRequest(10, 110, { transactionId: 77 }));
    expect(first.violations.map(({ rule }) => rule)).toEqual(['TX_STOP_UNKNOWN']);
    const second = await runs.next();
    expect([second.violations, second.ledger('cp001').violations]).toEqual([[], 0]);
  });

  test('has whatever a station was told, for it was written down before', async () => {
    const runs = new Runs();
    const first = await runs.next();
    const written: unknown[] = [];
    const send = (): void => {
      const ledger = new LedgerStore(runs.store);
      const [kept] = ledger.stations();
      written.push([
        ledger.lastTransactionId,
        kept?.registration,
        kept?.transactions.map(({ id, stop }) => [id, stop?.reason]),
      ]);
    };
    const link = first.attach('cp001', { send, close: () => {}, pause: () => {}, resume: () => {} });
    link.received(JSON.stringify([2, 'a', 'BootNotification', BOOT]));
    link.received(JSON.stringify([2, 'b', 'StartTransaction', startRequest()]));
    link.received(JSON.stringify([2, 'c', 'StopTransaction', stopRequest(5, 110)]));
    expect(written).toEqual([
      [0, 'Accepted', []],
      [1, 'Accepted', [[1, undefined]]],
      [1, 'Accepted', [[1, 'Local']]],
    ]);
  });

  test('gives a start the id that it had, where the answer was lost with the last one', async () => {
    const runs = new Runs();
    new VirtualStation(await runs.next()).say('StartTransaction', startRequest());
    const csms = await runs.next('killed');
    const station = new VirtualStation(csms);
    expect(station.say('StartTransaction', startRequest())).toMatchObject({ transactionId: 1 });
    station.say('StopTransaction', stopRequest(1, 100));
    expect(station.say('StartTransaction', startRequest({ timestamp: at(2) }))).toMatchObject({ transactionId: 2 });
    expect(csms.violations).toEqual([]);
    expect(csms.ledger('cp001').transactions).toMatchObject([{ resends: { start: 1 } }, { id: 2 }]);
  });

  test('still knows a resend that changed, and one that was surely answered', async () => {
    const runs = new Runs();
    const before = new VirtualStation(await runs.next());
    before.say('StartTransaction', startRequest());
    before.say('StopTransaction', stopRequest(5, 110));
    const csms = await runs.next();
    const after = new VirtualStation(csms);
    after.say('StartTransaction', startRequest());
    after.say('StopTransaction', stopRequest(6, 110));
    expect(csms.violations.map(({ rule }) => rule)).toEqual(['TX_START_REPEATED', 'TX_RESEND_CHANGED']);
  });

  test('holds the register of a transaction against what the last one saw of it', async () => {
    const runs = new Runs();
    const before = new VirtualStation(await runs.next());
    before.say('StartTransaction', startRequest());
    before.say('MeterValues', meterRequest(10, 500));
    const csms = await runs.next();
    new VirtualStation(csms).say('StopTransaction', stopRequest(20, 300, { reason: 'PowerLoss' }));
    expect(csms.violations.map(({ rule }) => rule)).toEqual(['TX_METER_FALLS']);
  });

  test('remembers that a station was told to wait', async () => {
    const runs = new Runs();
    const first = await runs.next();
    first.setAnswer('BootNotification', parseAnswer(['{"status":"Rejected"}']));
    new VirtualStation(first).say('BootNotification', BOOT);
    const second = await runs.next();
    new VirtualStation(second).say('Heartbeat', {});
    expect(second.violations.map(({ rule }) => rule)).toEqual(['BOOT_NOT_ACCEPTED']);
  });

  test('knows a transaction that another one on its connector left without a stop', async () => {
    const runs = new Runs();
    const first = await runs.next();
    const before = new VirtualStation(first);
    before.say('StartTransaction', startRequest({ idTag: 'SINGLE' }));
    before.say('StartTransaction', startRequest({ timestamp: at(5) }));
    expect(first.violations.map(({ rule }) => rule)).toEqual(['TX_CONNECTOR_BUSY']);
    const second = await runs.next();
    const after = new VirtualStation(second);
    after.say('StopTransaction', stopRequest(6, 100, { transactionId: 2 }));
    // It was said once; the first transaction holds neither the connector nor its card any more.
    expect(after.say('StartTransaction', startRequest({ idTag: 'SINGLE', timestamp: at(7) }))).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
    expect(second.violations).toEqual([]);
    expect(second.ledger('cp001').transactions).toMatchObject([
      { superseded: true, stopped: null },
      { stopped: at(6) },
      { superseded: false },
    ]);
  });

  test('has what is open and the last thousand of a long history', async () => {
    const runs = new Runs();
    const before = new VirtualStation(await runs.next());
    before.say('StartTransaction', startRequest({ connectorId: 2 }));
    for (let count = 1; count <= 1_001; count++) {
      before.say('StartTransaction', startRequest({ timestamp: at(count * 10) }));
      before.say('StopTransaction', stopRequest(count * 10 + 5, 110, { transactionId: count + 1 }));
    }
    const csms = await runs.next();
    const ids = csms.ledger('cp001').transactions.map(({ id }) => id);
    expect([ids.length, ids.slice(0, 3), ids.at(-1)]).toEqual([1_001, [1, 3, 4], 1_002]);
    new VirtualStation(csms).say('StopTransaction', stopRequest(99_999, 110));
    expect(csms.violations).toEqual([]);
    expect(csms.ledger('cp001').transactions[0]).toMatchObject({ id: 1, stopped: at(99_999) });
  });

  test('has forgotten a station that the last one was told to forget, and its ids stay given', async () => {
    const runs = new Runs();
    const first = await runs.next();
    const station = new VirtualStation(first);
    station.say('StartTransaction', startRequest());
    expect(() => first.forget('cp001')).toThrow(expect.objectContaining({ code: 'CSMS_CONNECTED' }));
    station.disconnect();
    first.forget('cp001');
    expect(first.list()).toEqual([]);
    const second = await runs.next();
    expect(second.list()).toEqual([]);
    expect(new VirtualStation(second).say('StartTransaction', startRequest())).toMatchObject({ transactionId: 2 });
  });

  test('takes any number that a station sends', async () => {
    const runs = new Runs();
    const before = new VirtualStation(await runs.next());
    before.say('StartTransaction', startRequest({ connectorId: 1.5, meterStart: 1e300 }));
    before.say('StopTransaction', stopRequest(5, -9_007_199_254_740_996));
    expect((await runs.next()).ledger('cp001').transactions).toMatchObject([
      { connectorId: 1.5, meterStartWh: 1e300, meterStopWh: -9_007_199_254_740_996 },
    ]);
  });

  test('leaves out what somebody else wrote and cannot be read', async () => {
    const runs = new Runs();
    const before = new VirtualStation(await runs.next());
    before.say('BootNotification', BOOT);
    before.say('StartTransaction', startRequest());
    runs.store.exec(`UPDATE transactions SET start_delivery = 'nonsense', last_sample = '[]';
      UPDATE stations SET registration = 'Maybe', boot = '7', connectors = '{', configuration = '[1]'`);
    expect((await runs.next('killed')).ledger('cp001')).toMatchObject({
      registration: 'unknown',
      boot: null,
      connectors: [],
      transactions: [],
      configuration: {},
    });
  });
});

test('nothing is written where nothing changed', async () => {
  const runs = new Runs();
  const csms = await runs.next();
  const station = new VirtualStation(csms);
  const changes = (): unknown => runs.store.prepare('SELECT total_changes() AS changes').get()?.changes;
  station.say('StartTransaction', startRequest());
  station.say('Heartbeat', {});
  const before = changes();
  station.say('Heartbeat', {});
  station.say('Authorize', { idTag: 'TAG1' });
  expect(changes()).toBe(before);
  station.say('MeterValues', meterRequest(10, 150));
  expect(changes()).not.toBe(before);
});
