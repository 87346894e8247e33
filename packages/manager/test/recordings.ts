import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { referencePath } from './reference.ts';

/** The lines of a recording of EVerest, or none where it is not there. */
export function recording<T>(name: string): T[] {
  const path = referencePath('golden', `${name}.jsonl.gz`);
  if (path === undefined) return [];
  const lines = gunzipSync(readFileSync(path)).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
