import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
