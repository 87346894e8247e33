import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@chargemesh/base';
import { htmlHead } from './html-page.ts';
import { RotatingFile } from './rotating-file.ts';

interface SessionLog {
  readonly folder: string;
  readonly lines: RotatingFile;
  readonly rows: RotatingFile;
}

const NAMES = { lines: 'ocpp.log', rows: 'ocpp.html' } as const;
const UNTIL_IT_IS_OVER = 'incomplete-';
const NEVER = { maximumBytes: 0, maximumFiles: 0, dateSuffix: false };

/**
 * The messages of each session in the folder where its EVSE keeps the session's log: `incomplete-ocpp.log` and `incomplete-ocpp.html`,
 * without the prefix once the session is over.
 */
export class SessionLogs {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #open = new Map<string, SessionLog>();

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  get none(): boolean {
    return this.#open.size === 0;
  }

  /** A session begins. The log of one that goes on after a restart ends there: `incomplete-` stays in its name. */
  begin(sessionId: string, folder: string): void {
    if (this.#open.has(sessionId)) return;
    const file = (name: string, head?: string): RotatingFile =>
      new RotatingFile({
        path: join(folder, UNTIL_IT_IS_OVER + name),
        rotation: NEVER,
        clock: this.#clock,
        ...(head === undefined ? {} : { head }),
      });
    this.#open.set(sessionId, { folder, lines: file(NAMES.lines), rows: file(NAMES.rows, htmlHead) });
  }

  /** Puts a frame into the log of every session that runs. @throws as node:fs does */
  append(line: string, row: string): void {
    for (const { lines, rows } of this.#open.values()) {
      lines.append(line);
      rows.append(row);
    }
  }

  /** @throws as node:fs does */
  end(sessionId: string): void {
    const session = this.#open.get(sessionId);
    if (!session) return;
    this.#open.delete(sessionId);
    for (const part of ['lines', 'rows'] as const) {
      const written = session[part].written;
      session[part].close();
      if (written) renameSync(join(session.folder, UNTIL_IT_IS_OVER + NAMES[part]), join(session.folder, NAMES[part]));
    }
  }

  /** The process ends; the sessions may go on. */
  close(): void {
    for (const { lines, rows } of this.#open.values()) {
      lines.close();
      rows.close();
    }
    this.#open.clear();
  }
}
