import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock, SeededRandom, silentLogger } from '@chargemesh/base';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LogUpload } from '../../src/logs/log-upload.ts';
import { FakeTransfer } from '../fake-transfer.ts';

let folder: string;
let transfer: FakeTransfer;
let said: [string, number][];
let told: (() => void) | undefined;
let upload: LogUpload;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-upload-'));
  transfer = new FakeTransfer();
  said = [];
  upload = new LogUpload({
    clock: new RealClock(),
    random: new SeededRandom(1),
    log: silentLogger,
    transfer: transfer as never,
    workFolder: folder,
    logsFolder: folder,
    defaults: { retries: 1, intervalS: 0.01 },
    leastMs: 0,
    facts: () => ({}),
    publish: ({ log_status, request_id }) => {
      said.push([log_status, request_id]);
      told?.();
    },
  });
});
afterEach(() => {
  upload.stop();
  rmSync(folder, { recursive: true });
});

/** Archives are real files: real time passes until so many words were said. */
async function until(count: number): Promise<void> {
  while (said.length < count)
    await new Promise<void>((resolve) => {
      told = resolve;
    });
}

test('the logs arrive under the name that was told, and leave nothing', async () => {
  const { upload_logs_status, file_name } = upload.start({ location: 'ftp://host/logs/' });
  expect(upload_logs_status).toBe('Accepted');
  expect(file_name).toMatch(/^diagnostics-\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{6}\.tar\.gz$/);
  await until(2);
  expect(said).toEqual([
    ['Uploading', -1],
    ['Uploaded', -1],
  ]);
  expect(transfer.asked).toEqual([`ftp://host/logs/${file_name}`]);
  expect(existsSync(join(folder, file_name ?? ''))).toBe(false);
});

describe('an upload that fails', () => {
  test('is tried as often as was asked', async () => {
    transfer.outcomes = ['fails', 'fails', 'fails'];
    upload.start({ location: 'ftp://host/', retries: 3, retry_interval_s: 0.01 });
    await until(2);
    expect(said.at(-1)).toEqual(['UploadFailure', -1]);
    expect(transfer.asked).toHaveLength(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and works later has arrived', async () => {
    transfer.outcomes = ['fails'];
    upload.start({ location: 'ftp://host/', retries: 2 });
    await until(2);
    expect(said.at(-1)).toEqual(['Uploaded', -1]);
  });
});

test('a new one ends the one that runs', async () => {
  transfer.outcomes = ['waits'];
  upload.start({ location: 'ftp://host/one', request_id: 7 });
  await transfer.waiting;
  expect(upload.start({ location: 'ftp://host/two', request_id: 8 }).upload_logs_status).toBe('AcceptedCanceled');
  await until(4);
  expect(said).toEqual([
    ['Uploading', 7],
    ['AcceptedCanceled', 7],
    ['Uploading', 8],
    ['Uploaded', 8],
  ]);
});
