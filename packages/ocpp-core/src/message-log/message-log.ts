import { join } from 'node:path';
import { type Clock, formatTimestamp, type Logger, messageOf } from '@chargemesh/base';
import type { LoggedFrame, SecurityEvent } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { frameLine } from './frame-line.ts';
import { FrameSummaries } from './frame-summary.ts';
import { htmlHead, htmlRow } from './html-page.ts';
import { RotatingFile } from './rotating-file.ts';
import { SessionLogs } from './session-logs.ts';
import { visibleFrame } from './visible-frame.ts';

/** What a {@link MessageLog} stands on. */
export interface MessageLogParts {
  /** Where the files go: MessageLogPath. Made where it does not exist; undefined where no files are kept. */
  readonly folder: string | undefined;
  readonly configuration: Pick<Configuration, 'get'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Logger;
  /** Security events were deleted to make room: the event SecurityLogWasCleared. */
  readonly onSecurityLogCleared?: () => void;
}

/** The names of the files. */
export const messageLogFiles = {
  frames: 'ocpp-messages.log',
  html: 'ocpp-messages.html',
  security: 'security-events.log',
} as const;

/**
 * The log files of a station, by the keys LogMessages, LogMessagesFormat and LogRotation…: with the format `log` all frames, a line of
 * JSON each; with `html` the same as a page; with `session_logging` both once more beside the log of each session; with `security` all
 * security events; with `console` and `console_detailed` frames go to the process's own log. A disk that is full costs lines, never a
 * charge.
 */
export class MessageLog {
  readonly #log: Logger;
  readonly #raw: boolean;
  readonly #frames: RotatingFile | undefined;
  readonly #html: RotatingFile | undefined;
  readonly #security: RotatingFile | undefined;
  readonly #sessions: SessionLogs | undefined;
  readonly #console: 'none' | 'brief' | 'detailed';
  readonly #summaries = new FrameSummaries();
  #failing = false;

  constructor({ folder, configuration, clock, log, onSecurityLogCleared }: MessageLogParts) {
    this.#log = log;
    this.#raw = configuration.get('LogMessagesRaw');
    const formats = configuration.get('LogMessages') ? configuration.get('LogMessagesFormat') : [];
    const rotates = configuration.get('LogRotation');
    const rotation = {
      maximumBytes: rotates ? configuration.get('LogRotationMaximumFileSize') : 0,
      maximumFiles: rotates ? configuration.get('LogRotationMaximumFileCount') : 0,
      dateSuffix: configuration.get('LogRotationDateSuffix'),
    };
    const file = (
      format: string,
      name: string,
      more: { head?: string; onDeleted?: () => void } = {},
    ): RotatingFile | undefined =>
      folder === undefined || !formats.includes(format)
        ? undefined
        : new RotatingFile({ path: join(folder, name), rotation, clock, ...more });
    this.#frames = file('log', messageLogFiles.frames);
    this.#html = file('html', messageLogFiles.html, { head: htmlHead });
    this.#security = file(
      'security',
      messageLogFiles.security,
      onSecurityLogCleared ? { onDeleted: onSecurityLogCleared } : {},
    );
    this.#sessions = folder !== undefined && formats.includes('session_logging') ? new SessionLogs(clock) : undefined;
    this.#console = formats.includes('console_detailed') ? 'detailed' : formats.includes('console') ? 'brief' : 'none';
  }

  /** Records a frame that went over the wire. */
  frame(frame: LoggedFrame): void {
    const inSession = this.#sessions?.none === false;
    if (!this.#frames && !this.#html && !inSession && this.#console === 'none') return;
    const visible = visibleFrame(frame.text);
    const line = frameLine(frame, visible, this.#raw);
    const summary = this.#summaries.of(frame.direction, visible);
    if (this.#console === 'detailed') this.#log.info(`OCPP ${frame.direction}: ${line}`);
    if (this.#console === 'brief')
      this.#log.info(`OCPP ${[frame.direction, summary.kind, summary.action, summary.id].filter(Boolean).join(' ')}`);
    const row = this.#html || inSession ? htmlRow(frame, summary) : '';
    this.#write(
      () => this.#frames?.append(line),
      () => this.#html?.append(row),
      () => this.#sessions?.append(line, row),
    );
  }

  /** Records a security event, whether or not the CSMS is told. */
  securityEvent({ type, info, critical, timestampMs }: SecurityEvent & { readonly timestampMs: number }): void {
    const line = JSON.stringify({ t: formatTimestamp(timestampMs), type, info, critical });
    this.#write(() => this.#security?.append(line));
  }

  /** A session begins whose log lies in a folder; or goes on there. */
  sessionStarted(sessionId: string, folder: string): void {
    this.#sessions?.begin(sessionId, folder);
  }

  sessionFinished(sessionId: string): void {
    this.#write(() => this.#sessions?.end(sessionId));
  }

  close(): void {
    this.#frames?.close();
    this.#html?.close();
    this.#security?.close();
    this.#sessions?.close();
  }

  /** One log that cannot be written does not keep the others from it. A failure is said when it begins, not for every line. */
  #write(...writes: readonly (() => void)[]): void {
    const failures: string[] = [];
    for (const write of writes) {
      try {
        write();
      } catch (thrown) {
        failures.push(messageOf(thrown));
      }
    }
    const [error] = failures;
    if (error !== undefined && !this.#failing) this.#log.error('OCPP messages cannot be logged', { error });
    this.#failing = error !== undefined;
  }
}
