import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, formatTimestamp, type Logger, messageOf, parseTimestamp, type Random } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { FileTransfer } from '../transfer/file-transfer.ts';
import { withFileName } from '../transfer/location.ts';
import { type RetryDefaults, triesOf, withRetries } from '../transfer/retries.ts';

type Request = types.system.UploadLogsRequest;
type Status = types.system.LogStatus;

/** Diagnostics of OCPP 1.6 have no number. */
const NO_NUMBER = -1;

/** What uploads stand on. */
export interface LogUploadParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly transfer: FileTransfer;
  /** Where archives lie until they are gone. */
  readonly workFolder: string;
  /** Where the logs of the station are. */
  readonly logsFolder: string;
  readonly defaults: RetryDefaults;
  /** How long an upload lasts at least, in ms, as far as others are told. */
  readonly leastMs: number;
  readonly facts: () => Readonly<Record<string, unknown>>;
  readonly publish: (status: Status) => void;
}

interface Running {
  readonly abort: AbortController;
  readonly requestId: number;
}

/** Gathers the logs of the station and brings them to a server. One at a time: a new request ends the one that runs. */
export class LogUpload {
  readonly #parts: LogUploadParts;
  #running: Running | undefined;

  constructor(parts: LogUploadParts) {
    this.#parts = parts;
  }

  /** Begins; what becomes of it is published. */
  start(request: Request): types.system.UploadLogsResponse {
    const { clock, random, publish } = this.#parts;
    const before = this.#running;
    if (before) {
      this.stop();
      publish({ log_status: 'AcceptedCanceled', request_id: before.requestId });
    }
    const stamp = formatTimestamp(clock.wallMs()).replaceAll(/[:.]/g, '-');
    const name = `diagnostics-${stamp}-${random.uuid().slice(0, 6)}.tar.gz`;
    const running = { abort: new AbortController(), requestId: request.request_id ?? NO_NUMBER };
    this.#running = running;
    void this.#run(request, name, running);
    return { upload_logs_status: before ? 'AcceptedCanceled' : 'Accepted', file_name: name };
  }

  /** Ends what runs, without a word. */
  stop(): void {
    this.#running?.abort.abort(new Error('it was called off'));
    this.#running = undefined;
  }

  async #run(request: Request, name: string, running: Running): Promise<void> {
    const { clock, log, transfer, publish, workFolder, defaults, leastMs } = this.#parts;
    const { requestId, abort } = running;
    const path = join(workFolder, name);
    publish({ log_status: 'Uploading', request_id: requestId });
    const endMs = clock.monotonicMs() + leastMs;
    let status: Status['log_status'] = 'Uploaded';
    try {
      await this.#write(path, request);
      const plan = {
        clock,
        ...triesOf(request, defaults),
        signal: abort.signal,
        onRetry: (error: unknown, attempt: number) =>
          log.warn(`the logs were not uploaded at try ${attempt}: ${messageOf(error)}`),
      };
      await withRetries(plan, () => transfer.upload(path, withFileName(request.location, name), abort.signal));
    } catch (error) {
      if (!abort.signal.aborted) log.error(`the logs were not uploaded: ${messageOf(error)}`);
      status = 'UploadFailure';
    }
    await rm(path, { force: true });
    await clock.sleep(endMs - clock.monotonicMs(), abort.signal).catch(() => {});
    this.#end(running, status);
  }

  #end(running: Running, status: Status['log_status']): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#parts.publish({ log_status: status, request_id: running.requestId });
  }

  async #write(path: string, { oldest_timestamp, latest_timestamp, type }: Request): Promise<void> {
    const { writeLogArchive } = await import('./log-archive.ts');
    const { logsFolder, facts } = this.#parts;
    const timeOf = (text: string | undefined): number | undefined =>
      text === undefined ? undefined : parseTimestamp(text);
    await writeLogArchive(path, {
      folder: logsFolder,
      window: { oldestMs: timeOf(oldest_timestamp), latestMs: timeOf(latest_timestamp) },
      securityOnly: type === 'SecurityLog',
      facts: facts(),
    });
  }
}
