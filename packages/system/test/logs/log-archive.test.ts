import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { parseTimestamp } from '@chargemesh/base';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { extract } from 'tar-stream';
import { writeLogArchive } from '../../src/logs/log-archive.ts';

const always = { oldestMs: undefined, latestMs: undefined };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-logs-'));
  path = join(folder, 'out.tar.gz');
  mkdirSync(join(folder, 'ocpp', 'logs'), { recursive: true });
  writeFileSync(join(folder, 'mesh.log'), '2026-03-01T10:00:00Z a\n2026-03-02T10:00:00Z b\n');
  writeFileSync(join(folder, 'ocpp', 'logs', 'libocpp_security.log.1'), 'secured\n');
  writeFileSync(join(folder, 'ocpp', 'cp001.db'), 'no log');
  writeFileSync(join(folder, 'ocpp', 'key.pem'), 'no log either');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function contents(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const archive = createReadStream(path).pipe(createGunzip()).pipe(extract());
  for await (const entry of archive) found[entry.header.name] = await text(entry as never);
  return found;
}

test('logs and what is told of the station are in it; databases and keys are not', async () => {
  await writeLogArchive(path, { folder, window: always, securityOnly: false, facts: { node: 24 } });
  expect(await contents()).toEqual({
    'station.json': '{\n  "node": 24\n}\n',
    'mesh.log': '2026-03-01T10:00:00Z a\n2026-03-02T10:00:00Z b\n',
    'ocpp/logs/libocpp_security.log.1': 'secured\n',
  });
});

test('the security log alone, and a span of time', async () => {
  await writeLogArchive(path, { folder, window: always, securityOnly: true, facts: {} });
  expect(Object.keys(await contents())).toEqual(['station.json', 'ocpp/logs/libocpp_security.log.1']);
  const window = { oldestMs: parseTimestamp('2026-03-02T00:00:00Z'), latestMs: undefined };
  await writeLogArchive(path, { folder, window, securityOnly: false, facts: {} });
  expect((await contents())['mesh.log']).toBe('2026-03-02T10:00:00Z b\n');
});

test('a place that cannot be written to is told', async () => {
  await expect(
    writeLogArchive(join(folder, 'none', 'out.tar.gz'), { folder, window: always, securityOnly: false, facts: {} }),
  ).rejects.toThrow('ENOENT');
});
