import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatTimestamp, RealClock } from '@chargemesh/base';
import { defaultStateFolder } from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of `ocpp log`. */
export interface OcppLogOptions extends MeshTarget {
  readonly follow?: boolean;
  /** Only the last so many. */
  readonly last?: number;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 200;

/** Shows the frames between station and CSMS that were written down, and with `--follow` those that come. */
export async function ocppLog(options: OcppLogOptions): Promise<ExitCode> {
  const file = logFile(await stateFolder(options));
  const reader = new AppendedLines(file);
  const lines = reader.read();
  const show = (line: string): void => {
    const text = options.json ? line : frameText(line);
    if (text !== undefined) print(text);
  };
  for (const line of options.last === undefined ? lines : lines.slice(-options.last)) show(line);
  if (!options.follow) return EXIT.ok;
  const timer = new RealClock().setPeriodic(LOOK_EVERY_MS, () => {
    for (const line of reader.read()) show(line);
  });
  await untilSignal();
  timer.cancel();
  return EXIT.ok;
}

/** A frame of a log as one line: when, which way, and what. Reads the CSMS's transcripts and the station's own logs. */
export function frameText(line: string): string | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null || !('frame' in entry)) return undefined;
  const { t, dir, direction, frame } = entry as { t?: unknown; dir?: unknown; direction?: unknown; frame: unknown };
  const way = WAYS[String(dir ?? direction)] ?? '·';
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  return `${timeText(t)}${way} ${text}`;
}

/** From the station's side. */
const WAYS: Readonly<Record<string, string>> = { rx: '→', out: '→', tx: '←', in: '←', event: '·' };

/** Logs hold epoch seconds, or a timestamp. */
function timeText(t: unknown): string {
  if (typeof t === 'number') return `${formatTimestamp(t * 1000)} `;
  return typeof t === 'string' ? `${t} ` : '';
}

/** Without a running mesh its logs can still be read. */
async function stateFolder(options: MeshTarget): Promise<string> {
  if (options.state !== undefined) return resolve(options.state);
  if (options.config !== undefined) return defaultStateFolder(options.config, process.env);
  return await MeshSession.with({}, async ({ status }) => status.state);
}

/** The station's own log where it keeps one, else what the bundled CSMS wrote down. */
function logFile(state: string): string {
  const own = existsSync(state)
    ? readdirSync(state)
        .map((module) => join(state, module, 'everest_ocpp_logs'))
        .filter((folder) => existsSync(folder))
        .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
        .filter((path) => path.endsWith('ocpp-messages.log'))
    : [];
  const newest = own.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
  const file = newest ?? join(state, 'csms-frames.ndjson');
  if (existsSync(file)) return file;
  throw new CliError('CLI_NO_LOG', `no OCPP frame was written down in ${state} yet`);
}

/** Reads what was appended to a file since the last time. */
class AppendedLines {
  readonly #file: string;
  #offset = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  read(): string[] {
    const size = statSync(this.#file).size;
    // A log that was begun anew is read from its beginning.
    if (size < this.#offset) this.#offset = 0;
    if (size <= this.#offset) return [];
    const buffer = Buffer.alloc(size - this.#offset);
    const file = openSync(this.#file, 'r');
    try {
      this.#offset += readSync(file, buffer, 0, buffer.length, this.#offset);
    } finally {
      closeSync(file);
    }
    const lines = (this.#rest + buffer.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}
