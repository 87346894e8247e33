import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@chargemesh/base';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MessageLog } from '../../src/message-log/message-log.ts';
import { configurationWith } from '../support/sample-configuration.ts';

const START = 1_795_596_785_175;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocpp-message-log-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(keys: Readonly<Record<string, unknown>>, onSecurityLogCleared?: () => void): MessageLog {
  return new MessageLog({
    folder: join(folder, 'logs'),
    configuration: configurationWith({ Internal: keys }),
    clock: new VirtualClock(START),
    log: silentLogger,
    ...(onSecurityLogCleared ? { onSecurityLogCleared } : {}),
  });
}

function lines(name: string): string[] {
  return readFileSync(join(folder, 'logs', name), 'utf8')
    .trimEnd()
    .split('\n');
}

const heartbeat = { timestampMs: START, direction: 'out', text: '[2,"a","Heartbeat",{}]' } as const;

describe('MessageLog', () => {
  test('writes each frame as a line, over restarts, and a text that is no frame as it came', () => {
    for (const text of ['[2,"a","Heartbeat",{}]', 'no frame']) {
      const log = open({ LogMessagesFormat: ['log'] });
      log.frame({ timestampMs: START, direction: 'in', text });
      log.close();
    }
    expect(lines('ocpp-messages.log')).toEqual([
      '{"t":"2026-11-25T08:53:05.175Z","direction":"in","frame":[2,"a","Heartbeat",{}]}',
      '{"t":"2026-11-25T08:53:05.175Z","direction":"in","frame":"no frame"}',
    ]);
  });

  test('leaves out the password that a CSMS sets', () => {
    const log = open({ LogMessagesFormat: ['log'] });
    const text = JSON.stringify([2, 'b', 'ChangeConfiguration', { key: 'authorizationKEY', value: 'secret-secret' }]);
    log.frame({ timestampMs: START, direction: 'in', text });
    log.close();
    expect(lines('ocpp-messages.log').join()).not.toContain('secret');
    expect(lines('ocpp-messages.log').join()).toContain('authorizationKEY');
  });

  test('writes security events to a file of their own', () => {
    const log = open({ LogMessagesFormat: ['security'] });
    log.securityEvent({ type: 'StartupOfTheDevice', info: 'booted', critical: true, timestampMs: START });
    log.frame(heartbeat);
    log.close();
    expect(readdirSync(join(folder, 'logs'))).toEqual(['security-events.log']);
    expect(lines('security-events.log')).toEqual([
      '{"t":"2026-11-25T08:53:05.175Z","type":"StartupOfTheDevice","info":"booted","critical":true}',
    ]);
  });

  test.each([{ LogMessages: false, LogMessagesFormat: ['log'] }, { LogMessagesFormat: [] }])(
    'writes nothing with %j',
    (keys) => {
      const log = open(keys);
      log.frame(heartbeat);
      expect(existsSync(join(folder, 'logs'))).toBe(false);
    },
  );

  test('begins a new file when the present one is full, and keeps as many as it is told to', () => {
    const log = open({
      LogMessagesFormat: ['log'],
      LogRotation: true,
      LogRotationMaximumFileSize: 180,
      LogRotationMaximumFileCount: 2,
    });
    for (let id = 0; id < 9; id++) log.frame({ ...heartbeat, text: `[2,"${id}","Heartbeat",{}]` });
    log.close();
    const ids = (name: string): string[] => lines(name).map((line) => JSON.parse(line).frame[1]);
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual([
      'ocpp-messages.log',
      'ocpp-messages.log.0',
      'ocpp-messages.log.1',
    ]);
    expect([ids('ocpp-messages.log.1'), ids('ocpp-messages.log.0'), ids('ocpp-messages.log')]).toEqual([
      ['4', '5'],
      ['6', '7'],
      ['8'],
    ]);
  });

  test('keeps all full files when it is not told how many', () => {
    const log = open({ LogMessagesFormat: ['log'], LogRotation: true, LogRotationMaximumFileSize: 90 });
    for (let id = 0; id < 5; id++) log.frame(heartbeat);
    log.close();
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(5);
  });

  test('never rotates unless it is told to', () => {
    const log = open({ LogMessagesFormat: ['log'], LogRotationMaximumFileSize: 90, LogRotationMaximumFileCount: 1 });
    for (let id = 0; id < 5; id++) log.frame(heartbeat);
    log.close();
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(1);
  });

  test('names full files by date where it is asked to, and deletes the oldest', () => {
    const log = open({
      LogMessagesFormat: ['log'],
      LogRotation: true,
      LogRotationDateSuffix: true,
      LogRotationMaximumFileSize: 90,
      LogRotationMaximumFileCount: 2,
    });
    for (let id = 0; id < 5; id++) log.frame(heartbeat);
    log.close();
    const names = readdirSync(join(folder, 'logs')).sort();
    expect(names).toHaveLength(3);
    expect(names[1]).toMatch(/^ocpp-messages\.log\.20261125T085305\.175Z/);
  });

  test('says when security events were deleted', () => {
    let cleared = 0;
    const keys = {
      LogMessagesFormat: ['security'],
      LogRotation: true,
      LogRotationMaximumFileSize: 60,
      LogRotationMaximumFileCount: 1,
    };
    const log = open(keys, () => cleared++);
    for (let id = 0; id < 3; id++) log.securityEvent({ type: 'StartupOfTheDevice', timestampMs: START });
    log.close();
    expect(cleared).toBe(1);
  });

  test('a folder that cannot be written costs lines, and is said once', () => {
    writeFileSync(join(folder, 'logs'), 'a file, not a folder');
    const said: string[] = [];
    const log = new MessageLog({
      folder: join(folder, 'logs'),
      configuration: configurationWith({ Internal: { LogMessagesFormat: ['log'] } }),
      clock: new VirtualClock(START),
      log: { ...silentLogger, error: (message) => said.push(message) },
    });
    log.frame(heartbeat);
    log.frame(heartbeat);
    expect(said).toEqual(['OCPP messages cannot be logged']);
  });
});

describe('the form of a log', () => {
  const attack = '[2,"x","DataTransfer",{"vendorId":"<script>alert(1)</script>","data":"a\\nb"}]';

  test('raw: the text to the byte beside what it says, but for a password', () => {
    const log = open({ LogMessagesFormat: ['log'], LogMessagesRaw: true });
    log.frame({ timestampMs: START, direction: 'in', text: '[2, "a", "Heartbeat", {}]' });
    log.frame({
      timestampMs: START,
      direction: 'in',
      text: '[2,"b","ChangeConfiguration",{"key":"AuthorizationKey","value":"secret-secret"}]',
    });
    log.close();
    const [first, second] = lines('ocpp-messages.log');
    expect(JSON.parse(first ?? '')).toMatchObject({
      frame: [2, 'a', 'Heartbeat', {}],
      raw: '[2, "a", "Heartbeat", {}]',
    });
    expect(second).not.toContain('secret');
  });

  test('html: a page with a row a frame, in which what the CSMS says is only text; an answer has the action of its request', () => {
    const log = open({ LogMessagesFormat: ['html'] });
    log.frame({ timestampMs: START, direction: 'in', text: attack });
    log.frame({ timestampMs: START, direction: 'out', text: '[3,"x",{"status":"Accepted"}]' });
    log.frame({ timestampMs: START, direction: 'out', text: '[4,"x","GenericError","",{}]' });
    log.frame({ timestampMs: START, direction: 'in', text: '<b>' });
    log.close();
    const [head, ...rows] = lines('ocpp-messages.html');
    expect(head).toMatch(/^<!doctype html>.*<tbody>$/);
    expect(rows).toEqual([
      expect.stringMatching(/^<tr class="in"><td>2026-11-25T08:53:05.175Z<\/td><td>from the CSMS<\/td>.*DataTransfer/),
      expect.stringMatching(/^<tr class="out">.*<td>CALLRESULT<\/td><td>DataTransfer<\/td><td>x<\/td>/),
      expect.stringMatching(/^<tr class="error">.*<td>CALLERROR<\/td><td><\/td>.*GenericError/),
      expect.stringMatching(/^<tr class="error">.*<td>unreadable<\/td>.*<pre>&lt;b&gt;<\/pre>/),
    ]);
    expect(rows.join()).not.toMatch(/<script|<b>/);
  });

  test('html: every file begins with the head, and one that holds nothing else is not full', () => {
    const keys = { LogMessagesFormat: ['html'], LogRotation: true, LogRotationMaximumFileSize: 10 };
    for (let run = 0; run < 2; run++) {
      const log = open(keys);
      log.frame(heartbeat);
      log.close();
    }
    for (const name of ['ocpp-messages.html', 'ocpp-messages.html.0'])
      expect(lines(name).map((line) => line.slice(0, 9))).toEqual(['<!doctype', '<tr class']);
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(2);
  });

  test.each([
    ['console', ['OCPP out CALL Heartbeat a']],
    [
      'console_detailed',
      ['OCPP out: {"t":"2026-11-25T08:53:05.175Z","direction":"out","frame":[2,"a","Heartbeat",{}]}'],
    ],
  ])('%s: in the log of the process', (format, said) => {
    const heard: string[] = [];
    const log = new MessageLog({
      folder: undefined,
      configuration: configurationWith({ Internal: { LogMessagesFormat: [format] } }),
      clock: new VirtualClock(START),
      log: { ...silentLogger, info: (message) => heard.push(message) },
    });
    log.frame(heartbeat);
    expect(heard).toEqual(said);
  });
});

describe('session_logging', () => {
  test('keeps the messages of a session beside its log, as incomplete until it is over', () => {
    const log = open({ LogMessagesFormat: ['session_logging'] });
    const place = join(folder, 'session');
    log.frame({ ...heartbeat, text: '[2,"before","Heartbeat",{}]' });
    log.sessionStarted('s1', place);
    log.frame(heartbeat);
    expect(readdirSync(place).sort()).toEqual(['incomplete-ocpp.html', 'incomplete-ocpp.log']);
    log.sessionFinished('s1');
    log.frame({ ...heartbeat, text: '[2,"after","Heartbeat",{}]' });
    log.close();
    expect(readdirSync(place).sort()).toEqual(['ocpp.html', 'ocpp.log']);
    expect(readFileSync(join(place, 'ocpp.log'), 'utf8')).toBe(
      '{"t":"2026-11-25T08:53:05.175Z","direction":"out","frame":[2,"a","Heartbeat",{}]}\n',
    );
    expect(readFileSync(join(place, 'ocpp.html'), 'utf8')).toMatch(/^<!doctype[^\n]*\n<tr class="out">[^\n]*\n$/);
    expect(existsSync(join(folder, 'logs'))).toBe(false);
  });

  test('two sessions at once both have what is said meanwhile, and one without a message has no file', () => {
    const log = open({ LogMessagesFormat: ['session_logging'] });
    log.sessionStarted('s1', join(folder, 'one'));
    log.sessionStarted('s2', join(folder, 'two'));
    log.frame(heartbeat);
    log.sessionStarted('s3', join(folder, 'three'));
    for (const id of ['s1', 's2', 's3', 'unknown']) log.sessionFinished(id);
    log.close();
    expect(['one', 'two', 'three'].map((name) => existsSync(join(folder, name, 'ocpp.log')))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('without the format nothing is kept there', () => {
    const log = open({ LogMessagesFormat: ['log'] });
    log.sessionStarted('s1', join(folder, 'session'));
    log.frame(heartbeat);
    log.sessionFinished('s1');
    log.close();
    expect(existsSync(join(folder, 'session'))).toBe(false);
  });
});

test('a log that cannot be written keeps the others from nothing, and is said once', () => {
  mkdirSync(join(folder, 'logs', 'ocpp-messages.log'), { recursive: true });
  const said: string[] = [];
  const log = new MessageLog({
    folder: join(folder, 'logs'),
    configuration: configurationWith({ Internal: { LogMessagesFormat: ['log', 'html'] } }),
    clock: new VirtualClock(START),
    log: { ...silentLogger, error: (message) => said.push(message) },
  });
  log.frame(heartbeat);
  log.frame(heartbeat);
  log.close();
  expect(said).toEqual(['OCPP messages cannot be logged']);
  expect(lines('ocpp-messages.html')).toHaveLength(3);
});
