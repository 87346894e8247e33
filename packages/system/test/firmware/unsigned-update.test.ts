import { formatTimestamp, parseTimestamp, SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { UnsignedUpdate, type UpdatePhase } from '../../src/firmware/unsigned-update.ts';
import { FakeTransfer } from '../fake-transfer.ts';

const location = 'http://host/firmware.bin';
const START = parseTimestamp('2026-03-01T00:00:00Z') ?? 0;

let clock: VirtualClock;
let transfer: FakeTransfer;
let said: string[];
let noted: (UpdatePhase | undefined)[];
let install: () => Promise<void>;
let update: UnsignedUpdate;

beforeEach(() => {
  clock = new VirtualClock(START);
  transfer = new FakeTransfer();
  said = [];
  noted = [];
  install = () => Promise.resolve();
  update = new UnsignedUpdate({
    clock,
    random: new SeededRandom(1),
    log: silentLogger,
    transfer: transfer as never,
    install: () => install(),
    folder: '/nowhere',
    defaults: { retries: 1, intervalS: 1 },
    publish: ({ firmware_update_status: status, firmware_update_metadata: metadata }) =>
      said.push(metadata === undefined ? status : `${status} ${metadata.disable_connectors_during_install}`),
    note: (phase) => noted.push(phase),
    installed: () => said.push('boot reason'),
  });
});

function request(more: object = {}) {
  return update.request({ location, request_id: -1, ...more });
}

test('an update is downloaded, waits for leave, and is installed', async () => {
  expect(request()).toBe('Accepted');
  await clock.advance(1000);
  expect(said).toEqual(['Downloading', 'Downloaded true']);
  await clock.advance(3_600_000);
  expect(said).toHaveLength(2);
  update.allowInstallation();
  await clock.advance(1000);
  expect(said.slice(2)).toEqual(['Installing', 'boot reason', 'Installed']);
  expect(noted).toEqual(['downloading', 'installing', undefined]);
});

test('settings behind the # are no part of the address; without closing connectors there is nothing to wait for', async () => {
  request({ location: `${location}#disable_connectors_during_install=false` });
  await clock.advance(1000);
  expect(transfer.asked).toEqual([location]);
  expect(said).toEqual(['Downloading', 'Downloaded false', 'Installing', 'boot reason', 'Installed']);
});

describe('the time of an update', () => {
  const retrieve_timestamp = formatTimestamp(START + 60_000);

  test('is waited for', async () => {
    request({ retrieve_timestamp });
    await clock.advance(59_999);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toContain('Downloading');
  });

  test('that has not come lets another take its place; one that runs does not', async () => {
    request({ retrieve_timestamp });
    expect(request({ location: 'http://host/other.bin' })).toBe('Accepted');
    await clock.advance(120_000);
    expect(transfer.asked).toEqual(['http://host/other.bin']);
    expect(request()).toBe('Rejected');
  });
});

describe('a download that fails', () => {
  test('is tried as often as was asked, with a wait between', async () => {
    transfer.outcomes = ['fails', 'fails', 'fails'];
    request({ retries: 3, retry_interval_s: 10 });
    await clock.advance(9_000);
    expect(said).toEqual(['Downloading', 'DownloadFailed']);
    await clock.advance(60_000);
    expect(said.filter((status) => status === 'DownloadFailed')).toHaveLength(3);
    expect(transfer.asked).toHaveLength(3);
    expect(noted.at(-1)).toBeUndefined();
    expect(request()).toBe('Accepted');
  });

  test('and works later goes on', async () => {
    transfer.outcomes = ['fails'];
    request({ retries: 2 });
    await clock.advance(5_000);
    expect(said).toEqual(['Downloading', 'DownloadFailed', 'Downloading', 'Downloaded true']);
  });

  test('OpenEVSE-792: because its address is none is not tried again', async () => {
    transfer.outcomes = ['bad address'];
    request({ retries: 5 });
    await clock.advance(60_000);
    expect(said).toEqual(['Downloading', 'DownloadFailed']);
  });
});

test('an installation that fails is told', async () => {
  install = () => Promise.reject(new Error('no'));
  request();
  await clock.advance(10);
  update.allowInstallation();
  await clock.advance(10);
  expect(said.slice(-2)).toEqual(['Installing', 'InstallationFailed']);
});

test('what the end of the module cuts off is told at the next start', async () => {
  transfer.outcomes = ['waits'];
  request();
  await clock.advance(10);
  update.stop();
  await clock.advance(10);
  expect(said).toEqual(['Downloading']);
  expect(noted).toEqual(['downloading']);
  update.recover('downloading');
  update.recover('installing');
  update.recover(undefined);
  expect(said.slice(1)).toEqual(['DownloadFailed', 'InstallationFailed']);
});
