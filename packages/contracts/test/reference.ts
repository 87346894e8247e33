import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { repositoryFolder } from '../src/artifacts/sources.ts';

const folder = join(repositoryFolder, '../shared/reference');

/** Facts about EVerest that are kept beside the repository on some machines; tests that need them are skipped elsewhere. */
export const hasReference: boolean = existsSync(join(folder, 'interfaces.json'));

export function referenceJson(name: string): Record<string, never> {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

export function referenceText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** The retained configuration topics as the reference's manager published them: payload `data` by topic. */
export function recordedTopics(): Map<string, unknown> {
  const lines = gunzipSync(readFileSync(join(folder, 'golden/retained-topics.jsonl.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => {
      const { topic, payload } = JSON.parse(line);
      return [topic, JSON.parse(payload).data];
    }),
  );
}
