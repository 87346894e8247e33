import { describe, expect, test } from '@jest/globals';
import { csmsMethods } from '../../src/control/csms-methods.ts';
import {
  renderAnswers,
  renderFrame,
  renderLedger,
  renderList,
  renderOutcome,
  renderRules,
  renderTags,
  renderViolations,
} from '../../src/control/render.ts';
import type { Csms } from '../../src/csms.ts';
import { parseTags } from '../../src/tags/parse-tags.ts';
import { at, meterRequest, startRequest, stopRequest } from '../support/play.ts';
import { VirtualStation, virtualCsms } from '../support/virtual-station.ts';

function control(csms: Csms): (method: string, parameters?: unknown) => Promise<unknown> {
  const methods = csmsMethods(csms);
  return async (method, parameters) => {
    const run = methods[method];
    if (run === undefined) throw new Error(`no method ${method}`);
    const answer = await run(parameters);
    // What goes over a socket is JSON and nothing else.
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    return answer;
  };
}

/** A station in its second transaction, 61 seconds after the start of the first. */
async function charging(): Promise<{ ask: ReturnType<typeof control>; station: VirtualStation }> {
  const { csms, clock } = virtualCsms();
  const station = new VirtualStation(csms);
  station.say('BootNotification', { chargePointVendor: 'Vendor', chargePointModel: 'Model' });
  station.say('StatusNotification', { connectorId: 0, status: 'Available', errorCode: 'NoError' });
  station.say('StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'HighTemperature' });
  station.say('StartTransaction', startRequest());
  station.say('StopTransaction', stopRequest(10, 110, { reason: 'Remote' }));
  station.say('StartTransaction', startRequest({ timestamp: at(20), meterStart: 110, idTag: 'STOLEN' }));
  station.say('MeterValues', meterRequest(30, 1345, { transactionId: 2 }));
  await clock.advance(61_000);
  return { ask: control(csms), station };
}

describe('the control methods', () => {
  test('list and ledger, as tables', async () => {
    const { ask } = await charging();
    expect(renderList(await ask('list'))).toBe(
      [
        'STATION  LINK       MODEL         CONN  STATUS                      TX  ID TAG  ENERGY     DURATION',
        'cp001    connected  Vendor Model  0     Available',
        '                                  1     Charging (HighTemperature)  2   STOLEN  1.235 kWh  0:00:41',
        '',
      ].join('\n'),
    );
    expect(renderLedger(await ask('ledger', { station: 'cp001' }))).toBe(
      [
        'STATION  CONN  TX  ID TAG  STARTED                   DURATION  ENERGY     METER Wh   REASON',
        'cp001    1     1   TAG1    2026-08-01T10:00:00.000Z  0:00:10   0.010 kWh  100 → 110  Remote',
        'cp001    1     2   STOLEN  2026-08-01T10:00:20.000Z  0:00:41   1.235 kWh  110 → …    open',
        '',
      ].join('\n'),
    );
  });

  test('ledger and list of a transaction that was never stopped, and cannot go on', async () => {
    const { ask, station } = await charging();
    station.say('StartTransaction', startRequest({ timestamp: at(61) }));
    const rows = renderLedger(await ask('ledger')).split('\n');
    expect(rows[2]).toMatch(/^cp001 +1 +2 +STOLEN .*0:00:10 +1\.235 kWh +110 → … +never stopped$/);
    expect(rows[3]).toMatch(/^cp001 +1 +3 +TAG1 .*0:00:00 +0\.000 kWh +100 → … +open$/);
    expect(await ask('list')).toMatchObject([{ transactions: 3, open: 1 }]);
  });

  test('list with nobody and nothing', async () => {
    const { csms } = virtualCsms();
    const ask = control(csms);
    expect(renderList(await ask('list'))).toBe('No station has connected yet.\n');
    expect(renderLedger(await ask('ledger'))).toBe('No transaction yet.\n');
    expect(renderViolations(await ask('violations'))).toBe('No violation.\n');
    expect(renderAnswers(await ask('answers'))).toBe('Everything is answered as it should be.\n');
    new VirtualStation(csms);
    expect(renderList(await ask('list'))).toContain('cp001    connected  unknown');
  });

  test('call, where the only station need not be named', async () => {
    const { ask, station } = await charging();
    const call = ask('call', { action: 'GetLocalListVersion' });
    await Promise.resolve();
    station.reply({ listVersion: 3 });
    expect(renderOutcome(await call)).toBe('{\n  "listVersion": 3\n}\n');
    expect(renderOutcome({ kind: 'error', code: 'NotSupported', description: '' })).toBe('CALLERROR NotSupported\n');
  });

  test('answer, answers, resetAnswers', async () => {
    const { ask, station } = await charging();
    const set = await ask('answer', { action: 'StartTransaction', words: ['CALLERROR'], next: 2, station: 'cp001' });
    expect(set).toEqual([{ action: 'StartTransaction', answer: 'CALLERROR InternalError', station: 'cp001', left: 2 }]);
    expect(renderAnswers(set)).toBe(
      'ACTION            ANSWER                   STATION  NEXT\nStartTransaction  CALLERROR InternalError  cp001    2\n',
    );
    await ask('answer', { action: 'Heartbeat', words: '{"currentTime":"x"}' });
    expect(station.say('Heartbeat', {})).toEqual({ currentTime: 'x' });
    expect(await ask('resetAnswers')).toEqual([]);
    expect(station.say('Heartbeat', {})).toEqual({ currentTime: at(61) });
  });

  test('violations, filtered and cleared; rules; tags', async () => {
    const { ask, station } = await charging();
    station.raw('nonsense');
    station.say('Authorize', { idTag: 'x'.repeat(21) });
    expect(await ask('violations', { rule: 'RPC_NOT_JSON', station: 'cp001' })).toHaveLength(1);
    expect(await ask('violations', { station: 'cp002' })).toEqual([]);
    expect(renderViolations(await ask('violations', { clear: true }))).toMatch(
      /2026-08-01T10:01:01.000Z {2}cp001 {4}FIELD_LENGTH {2}\/idTag has 21 characters, 20 are allowed\n$/,
    );
    expect(await ask('violations')).toEqual([]);
    expect(await ask('rules')).toHaveProperty('TX_METER_FALLS');
    expect(await ask('tags')).toMatchObject({ unknown: 'Invalid' });
  });

  test('violations: only what was shown is cleared, and list counts the rest', async () => {
    const { csms } = virtualCsms();
    const ask = control(csms);
    const [one, two] = [new VirtualStation(csms, 'a'), new VirtualStation(csms, 'b')];
    for (const station of [one, two, two]) station.raw('nonsense');
    two.say('Authorize', { idTag: 'x'.repeat(21) });
    expect(await ask('violations', { station: 'b', rule: 'RPC_NOT_JSON', clear: true })).toHaveLength(2);
    expect(await ask('violations')).toMatchObject([{ station: 'a' }, { station: 'b', rule: 'FIELD_LENGTH' }]);
    expect(await ask('list')).toMatchObject([{ violations: 1 }, { violations: 1 }]);
  });

  test('frames: the last of one station or of all, and those that come', async () => {
    const { csms, clock } = virtualCsms();
    const ask = control(csms);
    const one = new VirtualStation(csms, 'a');
    await clock.advance(1_000);
    const two = new VirtualStation(csms, 'b');
    await clock.advance(1_000);
    one.say('Heartbeat', {});
    const shown = [
      { at: at(0), station: 'a', dir: 'event', text: 'connected /a' },
      { at: at(1), station: 'b', dir: 'event', text: 'connected /b' },
      { at: at(2), station: 'a', dir: 'rx', text: '[2,"a-1","Heartbeat",{}]' },
      { at: at(2), station: 'a', dir: 'tx', text: `[3,"a-1",{"currentTime":"${at(2)}"}]` },
    ];
    expect(await ask('frames')).toEqual(shown);
    expect(await ask('frames', { last: 0 })).toEqual([]);
    expect(await ask('frames', { station: 'b' })).toEqual([shown[1]]);
    await expect(ask('frames', { station: 'c' })).rejects.toMatchObject({ code: 'CSMS_UNKNOWN_STATION' });

    const hung = new AbortController();
    const [all, late]: [unknown[], unknown[]] = [[], []];
    const follow = async (parameters: object, into: unknown[]): Promise<unknown> =>
      csmsMethods(csms).frames?.(
        { ...parameters, follow: true },
        { emit: (event) => into.push(event), signal: hung.signal },
      );
    const following = [follow({ last: 2 }, all), follow({ station: 'c' }, late)];
    two.disconnect();
    new VirtualStation(csms, 'c');
    const gone = { at: at(2), station: 'b', dir: 'event', text: 'disconnected' };
    const came = { at: at(2), station: 'c', dir: 'event', text: 'connected /c' };
    expect(all).toEqual([...shown.slice(2), gone, came]);
    expect(late).toEqual([came]);
    hung.abort();
    expect(await Promise.all(following)).toEqual([[], []]);
    one.say('Heartbeat', {});
    expect(all).toHaveLength(4);
    expect(shown.slice(1, 3).map(renderFrame)).toEqual([
      `${at(1)} b · connected /b`,
      `${at(2)} a → [2,"a-1","Heartbeat",{}]`,
    ]);
  });

  test('rules and tags, as tables', async () => {
    const tags = parseTags(
      'unknown: Blocked\ntags: { A: Accepted, B: { parent: G, single: true, expires: 2030-01-01T00:00:00Z } }',
    );
    const ask = control(virtualCsms({ tags }).csms);
    expect(renderTags(await ask('tags'))).toBe(
      [
        'CARD       STATUS    GROUP  EXPIRES                   AT A TIME',
        'A          Accepted',
        'B          Accepted  G      2030-01-01T00:00:00.000Z  one transaction',
        'any other  Blocked',
        '',
      ].join('\n'),
    );
    expect(renderRules(await ask('rules'))).toMatch(/^RULE +WHAT IT SAYS\nRPC_NOT_JSON +a frame is a JSON text\n/);
  });

  test('forget a station that is gone', async () => {
    const { ask, station } = await charging();
    await expect(ask('forget', { station: 'cp001' })).rejects.toMatchObject({ code: 'CSMS_CONNECTED' });
    station.raw('nonsense');
    station.disconnect();
    expect(await ask('forget', { station: 'cp001' })).toEqual({ ok: true });
    expect([await ask('list'), await ask('violations'), await ask('frames')]).toEqual([[], [], []]);
  });

  test('drop, refuse, halfOpen, delayUpgrade, raw', async () => {
    const { ask, station } = await charging();
    expect(await ask('halfOpen')).toEqual({ ok: true });
    expect(station.paused).toBe(true);
    await ask('halfOpen', { on: false });
    expect(station.paused).toBe(false);
    await ask('raw', { text: '{x' });
    expect(station.got.at(-1)).toBe('{x');
    await ask('refuse', { on: true });
    await ask('delayUpgrade', { delayMs: 100 });
    await ask('drop', { clean: true });
    expect(station.closed).toBe('clean');
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['call', {}, 'csms call: "action" should be a text, not missing'],
    ['call', { action: 'Reset', timeoutMs: 0 }, 'csms call: "timeoutMs" should be a number from 1 on, not 0'],
    ['call', 'Reset', 'csms call: its parameters should be an object, not "Reset"'],
    ['ledger', { station: 'cp009' }, 'no station cp009 was ever connected (cp001)'],
    ['answer', { action: 'Heartbeat' }, 'csms answer: "words" are missing'],
    ['answer', { action: 'Heartbeat', words: ['maybe'] }, '"maybe" is no answer'],
    ['violations', { rule: 'TX_METER' }, 'TX_METER is no rule: "csms rules" shows them'],
    ['refuse', { on: 'yes' }, 'csms refuse: "on" should be true or false, not "yes"'],
  ];
  test.each(wrong)('%s %j is refused', async (method, parameters, message) => {
    const { ask } = await charging();
    await expect(ask(method, parameters)).rejects.toThrow(message);
  });

  test('which station, where there are two or none', async () => {
    const { csms } = virtualCsms();
    const ask = control(csms);
    await expect(ask('drop')).rejects.toThrow('which station? none was ever connected');
    for (const id of ['a', 'b']) new VirtualStation(csms, id);
    await expect(ask('drop')).rejects.toThrow('which station? there are a, b');
    await ask('drop', { station: 'b' });
    expect(csms.list()).toMatchObject([{ connected: true }, { connected: false }]);
  });
});
