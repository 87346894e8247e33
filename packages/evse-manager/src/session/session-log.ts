import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type Clock, formatTimestamp, type Logger, messageOf } from '@chargemesh/base';

/** Who did what a row tells of. */
export type LogOrigin = 'EVSE' | 'CAR' | 'SYS';

/** Hears of each row, also while no file is written. */
export type LogRowListener = (row: { origin: LogOrigin; message: string }) => void;

const INCOMPLETE = 'incomplete-eventlog.csv';
const COMPLETE = 'eventlog.csv';

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
      this.#append(['time', 'origin', 'message', 'xml']);
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
      this.#append([formatTimestamp(this.#clock.wallMs()), origin, message, '']);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Ends the session's log: the file gets its final name. */
  close(): void {
    const folder = this.#folder;
    if (folder === undefined) return;
    this.#folder = undefined;
    try {
      renameSync(join(folder, INCOMPLETE), join(folder, COMPLETE));
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #append(fields: readonly string[]): void {
    if (this.#folder === undefined) return;
    appendFileSync(join(this.#folder, INCOMPLETE), `${fields.map(csvField).join(',')}\n`);
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
