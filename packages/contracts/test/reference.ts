import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, test } from '@jest/globals';
import { repositoryFolder } from '../src/artifacts/sources.ts';

const folder = join(repositoryFolder, '../shared/reference');

/** Facts about EVerest that are kept beside the repository on some machines; tests that need them are skipped elsewhere. */
export const hasReference: boolean = existsSync(join(folder, 'interfaces.json'));

/** A group of tests that needs the reference: skipped where it is not there, its tables being empty then. */
export function describeWithReference(name: string, define: () => void): void {
  if (hasReference) describe(name, define);
  else describe.skip(name, () => test(`needs ${folder}`, () => {}));
}

export function referenceJson(name: string): Record<string, never> {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

export function referenceText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** The retained configuration topics as the reference's manager published them: payload `data` by topic. */
export function recordedTopics(): Map<string, unknown> {
  return new Map(
    recordedLines('retained-topics.jsonl.gz').map(({ topic, payload }) => [topic, JSON.parse(payload).data]),
  );
}

/** A message as it was recorded from the bus. */
export interface RecordedMessage {
  readonly topic: string;
  readonly payload: string;
}

/** The recorded scenarios by name: every message on the bus. */
export function recordedBuses(): [name: string, messages: readonly RecordedMessage[]][] {
  const names = readdirSync(join(folder, 'golden')).filter((name) => /^bus-.*\.jsonl\.gz$/.test(name));
  return names.map((name) => [name, recordedLines(name)]);
}

function recordedLines(name: string): RecordedMessage[] {
  const text = gunzipSync(readFileSync(join(folder, 'golden', name))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}
