import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { SessionLog } from '../../src/session/session-log.ts';

function sessionLog(options: { enabled?: boolean; suffix?: string } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'session-log-'));
  const rows: string[] = [];
  const log = new SessionLog(
    { enabled: options.enabled ?? true, root, suffix: options.suffix ?? 'session_uuid' },
    { clock: new VirtualClock(), log: silentLogger, onRow: ({ origin, message }) => rows.push(`${origin} ${message}`) },
  );
  return { root, rows, log };
}

test('a session has a folder of its own, with files that are renamed at its end', () => {
  const { root, rows, log } = sessionLog();
  log.row('SYS', 'before');
  const folder = log.open('abc');
  expect(folder).toBe(join(root, '2026-01-01T00:00:00.000Z-abc'));
  log.row('CAR', 'says "B", and more');
  log.row('EVSE', '<b> & so on');
  expect(readdirSync(folder ?? '')).toEqual(['incomplete-eventlog.csv', 'incomplete-eventlog.html']);
  log.close();
  expect(readFileSync(join(folder ?? '', 'eventlog.csv'), 'utf8')).toBe(
    'time,origin,message,xml\n2026-01-01T00:00:00.000Z,CAR,"says ""B"", and more",\n2026-01-01T00:00:00.000Z,EVSE,<b> & so on,\n',
  );
  expect(
    readFileSync(join(folder ?? '', 'eventlog.html'), 'utf8')
      .split('\n')
      .slice(3),
  ).toEqual([
    '<table>',
    '<tr><th>time</th><th>origin</th><th>message</th><th>xml</th></tr>',
    '<tr><td>2026-01-01T00:00:00.000Z</td><td>CAR</td><td>says "B", and more</td><td></td></tr>',
    '<tr><td>2026-01-01T00:00:00.000Z</td><td>EVSE</td><td>&lt;b> &amp; so on</td><td></td></tr>',
    '</table>',
    '',
  ]);
  expect(rows).toEqual(['SYS before', 'CAR says "B", and more', 'EVSE <b> & so on']);
});

test('a suffix that leads out of the folder is refused', () => {
  const { log } = sessionLog({ suffix: '/../../escaped' });
  expect(log.open('abc')).toBeUndefined();
});

test('nothing is written or told where it is off', () => {
  const { root, rows, log } = sessionLog({ enabled: false });
  expect(log.open('abc')).toBeUndefined();
  log.row('SYS', 'row');
  expect(readdirSync(root)).toEqual([]);
  expect(rows).toEqual([]);
});
