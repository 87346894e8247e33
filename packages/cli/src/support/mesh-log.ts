import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, type LogFields, type Logger, type LogLevel, makeFolder } from '@chargemesh/base';
import { note } from './output.ts';

/** The levels by weight. */
const LEVELS = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 } as const;

type Said = Exclude<LogLevel, 'silent'>;

/**
 * The log of a mesh: everything from `info` on goes to `mesh.log` in the state folder as JSON lines; what a person at the terminal should
 * see, from `level` on, goes to standard error as text.
 */
export function meshLog(stateFolder: string, level: LogLevel): Logger {
  makeFolder(stateFolder);
  const file = openSync(join(stateFolder, 'mesh.log'), 'a');
  // Written at once, a line a call: what happened just before the end is what one wants to read.
  const stream = { write: (line: string): void => void writeSync(file, line) };
  return new TwofoldLogger(createLogger(level === 'debug' ? 'debug' : 'info', stream), level, undefined);
}

class TwofoldLogger implements Logger {
  readonly #file: Logger;
  readonly #level: LogLevel;
  readonly #module: string | undefined;

  constructor(file: Logger, level: LogLevel, module: string | undefined) {
    this.#file = file;
    this.#level = level;
    this.#module = module;
  }

  debug(message: string, fields?: LogFields): void {
    this.#say('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#say('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#say('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#say('error', message, fields);
  }

  child(fields: LogFields): Logger {
    const module = typeof fields.module === 'string' ? fields.module : this.#module;
    return new TwofoldLogger(this.#file.child(fields), this.#level, module);
  }

  #say(level: Said, message: string, fields?: LogFields): void {
    this.#file[level](message, fields);
    if (LEVELS[level] > LEVELS[this.#level]) return;
    const who = this.#module === undefined ? '' : ` ${this.#module}`;
    note(`${level === 'warn' ? 'warning' : level}${who}: ${message}${facts(fields)}`);
  }
}

/** The facts that say more than the message does: short values, in brackets. */
function facts(fields: LogFields = {}): string {
  const shown = Object.entries(fields).flatMap(([key, value]) =>
    key !== 'stack' && ['string', 'number', 'boolean'].includes(typeof value) ? [`${key} ${value}`] : [],
  );
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}
