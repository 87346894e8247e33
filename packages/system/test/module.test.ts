import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTimestamp, RealClock } from '@chargemesh/base';
import { TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SystemModule } from '../src/index.ts';
import { webServer } from './transfer/servers.ts';

let folder: string;
let mesh: TestMesh;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-'));
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true });
});

async function startMesh(config: Record<string, number> = {}) {
  mesh = new TestMesh({ stateDir: folder });
  mesh.add(SystemModule, { id: 'system', config });
  await mesh.start();
}
const system = (command: string, args: object = {}) => mesh.call('system', 'main', command, args);
const stops = () => mesh.messages.filter(({ topic }) => topic.endsWith('manager/stop'));

test('a reset is allowed, answered, and carried out after its delay; the next boot knows why', async () => {
  await startMesh({ ResetDelay: 3 });
  expect(await system('get_boot_reason')).toBe('PowerUp');
  expect(await system('is_reset_allowed', { type: 'Hard' })).toBe(true);
  expect(await system('reset', { type: 'Hard', scheduled: false })).toBeNull();
  await mesh.clock.advance(2999);
  expect(stops()).toEqual([]);
  await mesh.clock.advance(1);
  expect(JSON.parse(stops()[0]?.payload ?? '{}')).toMatchObject({ how: 'reboot', reason: 'Hard reset' });
  await mesh.stop();
  await startMesh();
  expect(await system('get_boot_reason')).toBe('RemoteReset');
  await system('set_system_time', { timestamp: formatTimestamp(mesh.clock.wallMs()) });
  expect(await system('get_boot_reason')).toBe('PowerUp');
});

test('two resets restart the station once, and the second does not put it off', async () => {
  await startMesh({ ResetDelay: 2 });
  await system('reset', { type: 'Soft', scheduled: false });
  await mesh.clock.advance(1000);
  await system('reset', { type: 'Soft', scheduled: false });
  await mesh.clock.advance(1000);
  expect(stops()).toHaveLength(1);
  await mesh.clock.advance(10_000);
  expect(stops()).toHaveLength(1);
});

test('a program that the operator has named is told the time', async () => {
  const program = join(folder, 'set-clock.sh');
  writeFileSync(program, '#!/bin/sh\necho "$@" > "$(dirname "$0")/asked"\n', { mode: 0o755 });
  process.env.CHARGEMESH_CLOCK_SETTER = program;
  try {
    await startMesh();
  } finally {
    delete process.env.CHARGEMESH_CLOCK_SETTER;
  }
  expect(await system('set_system_time', { timestamp: '2026-03-01T08:00:00.000Z' })).toBe(true);
  await mesh.settle();
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('2026-03-01T08:00:00.000Z\n');
  expect(formatTimestamp(mesh.clock.wallMs())).toBe('2026-03-01T08:00:00.000Z');
});

test('the time that was set is kept over a restart', async () => {
  await startMesh();
  expect(await system('set_system_time', { timestamp: '2026-03-01T08:00:00.000Z' })).toBe(true);
  expect(formatTimestamp(mesh.clock.wallMs())).toBe('2026-03-01T08:00:00.000Z');
  await mesh.stop();
  await startMesh();
  expect(formatTimestamp(mesh.clock.wallMs())).toBe('2026-03-01T08:00:00.000Z');
});

test('refuses what it cannot do, and tells nobody that it did it', async () => {
  await startMesh();
  const signed = { location: 'ftp://127.0.0.1/x', request_id: 4, signature: 'x', signing_certificate: 'y' };
  expect(await system('update_firmware', { firmware_update_request: signed })).toBe('Rejected');
  expect(await system('allow_firmware_installation')).toBeNull();
  expect(await system('configure_network', { request: { request_id: 1, interface: 'Any' } })).toEqual({
    status: 'NotSupported',
  });
  await mesh.clock.advance(3_600_000);
  expect(mesh.messages.filter(({ topic }) => topic.includes('/var/'))).toEqual([]);
});

test('firmware comes from a server and is kept; the logs go to one; the next boot knows why', async () => {
  const got: string[] = [];
  const server = await webServer((request, answer) => {
    got.push(`${request.method} ${request.url}`);
    request.resume();
    request.on('end', () => answer.end('firmware'));
  });
  try {
    await startMesh();
    const statuses = (name: string) =>
      mesh.messages
        .filter(({ topic }) => topic.endsWith(`/var/${name}`))
        .map(({ payload }) => JSON.parse(payload).data.data as Record<string, unknown>);
    const until = async (name: string, key: string, status: string): Promise<void> => {
      while (!statuses(name).some((value) => value[key] === status)) {
        await new Promise<void>((resolve) => new RealClock().setTimer(5, resolve));
        // An upload is told to be over two seconds after its beginning at the earliest.
        await mesh.clock.advance(100);
      }
    };
    const location = `http://127.0.0.1:${server.port}/`;
    await system('update_firmware', { firmware_update_request: { location: `${location}f.bin`, request_id: -1 } });
    await mesh.clock.advance(1);
    await until('firmware_update_status', 'firmware_update_status', 'Downloaded');
    await system('allow_firmware_installation');
    await until('firmware_update_status', 'firmware_update_status', 'Installed');
    expect(readFileSync(join(folder, 'system', 'firmware'), 'utf8')).toBe('firmware');
    const { file_name } = (await system('upload_logs', { upload_logs_request: { location } })) as { file_name: string };
    await until('log_status', 'log_status', 'Uploaded');
    expect(got).toEqual(['GET /f.bin', `PUT /${file_name}`]);
    expect(await system('get_boot_reason')).toBe('FirmwareUpdate');
  } finally {
    await server.close();
  }
});
