import { join } from 'node:path';
import { type Clock, formatTimestamp, type Logger, messageOf } from '@chargemesh/base';
import type { LoggedFrame, SecurityEvent } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { frameLine } from './frame-line.ts';
import { RotatingFile } from './rotating-file.ts';

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
export const messageLogFiles = { frames: 'ocpp-messages.log', security: 'security-events.log' } as const;

/**
 * The log files of a station, by the keys LogMessages, LogMessagesFormat and LogRotation…: with the format `log` all frames, with
 * `security` all security events, a line of JSON each; with `console` frames go to the process's own log. A disk that is full costs
 * lines, never a charge.
 */
export class MessageLog {
  readonly #log: Logger;
  readonly #frames: RotatingFile | undefined;
  readonly #security: RotatingFile | undefined;
  readonly #console: boolean;
  #failing = false;

  constructor({ folder, configuration, clock, log, onSecurityLogCleared }: MessageLogParts) {
    this.#log = log;
    const formats = configuration.get('LogMessages') ? configuration.get('LogMessagesFormat') : [];
    const rotates = configuration.get('LogRotation');
    const rotation = {
      maximumBytes: rotates ? configuration.get('LogRotationMaximumFileSize') : 0,
      maximumFiles: rotates ? configuration.get('LogRotationMaximumFileCount') : 0,
      dateSuffix: configuration.get('LogRotationDateSuffix'),
    };
    const file = (name: string, onDeleted?: () => void): RotatingFile | undefined =>
      folder === undefined
        ? undefined
        : new RotatingFile({ path: join(folder, name), rotation, clock, ...(onDeleted ? { onDeleted } : {}) });
    this.#frames = formats.includes('log') ? file(messageLogFiles.frames) : undefined;
    this.#security = formats.includes('security') ? file(messageLogFiles.security, onSecurityLogCleared) : undefined;
    this.#console = formats.includes('console') || formats.includes('console_detailed');
  }

  /** Records a frame that went over the wire. */
  frame(frame: LoggedFrame): void {
    if (!this.#frames && !this.#console) return;
    const line = frameLine(frame);
    if (this.#console) this.#log.info(`OCPP ${frame.direction}: ${line}`);
    this.#append(this.#frames, line);
  }

  /** Records a security event, whether or not the CSMS is told. */
  securityEvent({ type, info, critical, timestampMs }: SecurityEvent & { readonly timestampMs: number }): void {
    this.#append(this.#security, JSON.stringify({ t: formatTimestamp(timestampMs), type, info, critical }));
  }

  close(): void {
    this.#frames?.close();
    this.#security?.close();
  }

  #append(file: RotatingFile | undefined, line: string): void {
    try {
      file?.append(line);
      if (file) this.#failing = false;
    } catch (thrown) {
      if (!this.#failing) this.#log.error('OCPP messages cannot be logged', { error: messageOf(thrown) });
      this.#failing = true;
    }
  }
}
