import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type Clock, formatTimestamp, type Logger, messageOf } from '@chargemesh/base';

/** Who did what a row tells of. */
export type LogOrigin = 'EVSE' | 'CAR' | 'SYS';

/** Hears of each row, also while no file is written. */
export type LogRowListener = (row: { origin: LogOrigin; message: string }) => void;

const INCOMPLETE = 'incomplete-';

/** A form in which rows are written. */
interface LogFile {
  readonly name: string;
  readonly head: string;
  readonly foot: string;
  row(fields: readonly string[]): string;
}

const columns = ['time', 'origin', 'message', 'xml'];
const csvRow = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\n`;

/** For programs, and for browsers. */
const files: readonly LogFile[] = [
  { name: 'eventlog.csv', head: csvRow(columns), foot: '', row: csvRow },
  {
    name: 'eventlog.html',
    head: `<!doctype html>\n<meta charset="utf-8">\n<title>Session</title>\n<table>\n${htmlRow(columns, 'th')}`,
    foot: '</table>\n',
    row: (fields) => htmlRow(fields, 'td'),
  },
];

/** Writes what happens in a session to a folder of its own, for whoever has to find out why a car did not charge. */
export class SessionLog {
  readonly #options: { enabled: boolean; root: string; suffix: string };
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onRow: LogRowListener;
  #folder: string | undefined;

  constructor(
    options: { enabled: boolean; root: string; suffix: string },
    ports: { clock: Clock; log: Logger; onRow: LogRowListener },
  ) {
    this.#options = options;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#onRow = ports.onRow;
  }

  /** Begins a session's log. @returns its folder, or undefined where none is written */
  open(sessionId: string): string | undefined {
    const { enabled, root, suffix } = this.#options;
    if (!enabled) return undefined;
    const name = `${formatTimestamp(this.#clock.wallMs())}-${suffix === 'session_uuid' ? sessionId : suffix}`;
    const folder = resolve(root, name);
    if (!folder.startsWith(`${resolve(root)}${sep}`)) {
      this.#log.error(`session logs are refused: ${folder} is not below ${root}`, { suffix });
      return undefined;
    }
    try {
      mkdirSync(folder, { recursive: true });
      this.#folder = folder;
      this.#append(({ head }) => head);
    } catch (error) {
      this.#giveUp(error);
    }
    return this.#folder;
  }

  row(origin: LogOrigin, message: string): void {
    if (!this.#options.enabled) return;
    this.#onRow({ origin, message });
    if (this.#folder === undefined) return;
    try {
      const fields = [formatTimestamp(this.#clock.wallMs()), origin, message, ''];
      this.#append((file) => file.row(fields));
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Ends the session's log: the files get their final names. */
  close(): void {
    const folder = this.#folder;
    if (folder === undefined) return;
    try {
      this.#append(({ foot }) => foot);
      for (const { name } of files) renameSync(join(folder, `${INCOMPLETE}${name}`), join(folder, name));
    } catch (error) {
      this.#giveUp(error);
    }
    this.#folder = undefined;
  }

  #append(textFor: (file: LogFile) => string): void {
    if (this.#folder === undefined) return;
    for (const file of files) appendFileSync(join(this.#folder, `${INCOMPLETE}${file.name}`), textFor(file));
  }

  /** A full disk must not stop a car from charging. */
  #giveUp(error: unknown): void {
    this.#folder = undefined;
    this.#log.error(`the session log cannot be written: ${messageOf(error)}`);
  }
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function htmlRow(fields: readonly string[], cell: 'th' | 'td'): string {
  const escaped = fields.map((text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  return `<tr>${escaped.map((text) => `<${cell}>${text}</${cell}>`).join('')}</tr>\n`;
}
