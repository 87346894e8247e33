import { createWriteStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { linesWithin, type TimeWindow } from './time-window.ts';

/** What goes out are logs: never a database, a key, or a configuration with a password. */
const LOG_NAME = /\.(?:log|html|ndjson)(?:\.\d+)?$/;
/** What the security log of OCPP is called by. */
const SECURITY_NAME = /security/i;
const DEEPEST = 3;
/** Of a longer file its end. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What is put into an archive. */
export interface ArchiveRequest {
  /** The folder below which all logs of the station lie. */
  readonly folder: string;
  readonly window: TimeWindow;
  /** The security log alone. */
  readonly securityOnly: boolean;
  /** What is told of the station beside its logs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Writes the logs of a station, and what is to be known of it, into a `.tar.gz`. @throws the file system's error */
export async function writeLogArchive(path: string, request: ArchiveRequest): Promise<void> {
  const { folder, window, securityOnly, facts } = request;
  const archive = pack();
  const written = pipeline(archive, createGzip(), createWriteStream(path, { mode: 0o600 }));
  const add = (name: string, content: string): Promise<void> =>
    // Nobody hears of an entry of an archive that cannot be written.
    Promise.race([addEntry(archive, name, content), written.then(() => Promise.reject(new Error('it has ended')))]);
  try {
    await add('station.json', `${JSON.stringify(facts, undefined, 2)}\n`);
    for await (const file of logFiles(folder, DEEPEST)) {
      const name = relative(folder, file);
      if (securityOnly && !SECURITY_NAME.test(name)) continue;
      const text = linesWithin(await endOf(file), window);
      if (text !== '') await add(name, text);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  }
  await written;
}

function addEntry(archive: Pack, name: string, content: string): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name }, content, (error) => (error ? reject(error) : resolve()));
  });
}

async function* logFiles(folder: string, depth: number): AsyncGenerator<string> {
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 1) yield* logFiles(path, depth - 1);
    else if (entry.isFile() && LOG_NAME.test(entry.name)) yield path;
  }
}

async function endOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MOST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
