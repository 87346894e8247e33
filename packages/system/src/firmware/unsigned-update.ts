import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, messageOf, parseTimestamp, type Random, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { FileTransfer } from '../transfer/file-transfer.ts';
import { type RetryDefaults, triesOf, withRetries } from '../transfer/retries.ts';
import { readFirmwareAddress } from './firmware-address.ts';
import type { Installer } from './installer.ts';

type Request = types.system.FirmwareUpdateRequest;
type StatusName = types.system.FirmwareUpdateStatusEnum;

/** Updates of OCPP 1.6 without signature have no number. */
export const UNSIGNED = -1;

/** What an update stands on. */
export interface UnsignedUpdateParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly transfer: FileTransfer;
  readonly install: Installer;
  /** Where the firmware is kept until it is installed. */
  readonly folder: string;
  readonly defaults: RetryDefaults;
  readonly publish: (status: types.system.FirmwareUpdateStatus) => void;
  /** How far an update is, to be known after a restart too; undefined: none is under way. */
  readonly note: (phase: UpdatePhase | undefined) => void;
  readonly installed: () => void;
}

/** What an update is about. */
export type UpdatePhase = 'downloading' | 'installing';

/**
 * A firmware without signature: waits for its time, is downloaded, waits until the EVSEs are free, and is installed. Only one at a time; a
 * new one takes the place of one whose time has not come.
 * @see OCPP 1.6, 4.5 and 5.19
 */
export class UnsignedUpdate {
  readonly #parts: UnsignedUpdateParts;
  readonly #abort = new AbortController();
  #scheduled: Timer | undefined;
  #running = false;
  /** Is there while a downloaded firmware waits for leave to be installed. */
  #allow: (() => void) | undefined;
  /** A leave that was given before it was asked for. */
  #allowed = false;

  constructor(parts: UnsignedUpdateParts) {
    this.#parts = parts;
  }

  /** Tells what became of an update that an end of the module cut off. */
  recover(phase: UpdatePhase | undefined): void {
    if (phase === undefined) return;
    this.#parts.log.warn(`a firmware update was cut off while ${phase}`);
    this.#parts.note(undefined);
    this.#publish(phase === 'downloading' ? 'DownloadFailed' : 'InstallationFailed');
  }

  request(request: Request): types.system.UpdateFirmwareResponse {
    const { clock } = this.#parts;
    if (this.#running) return 'Rejected';
    this.#scheduled?.cancel();
    const atMs = request.retrieve_timestamp === undefined ? undefined : parseTimestamp(request.retrieve_timestamp);
    const delayMs = Math.max(0, (atMs ?? 0) - clock.wallMs());
    this.#scheduled = clock.setTimer(delayMs, () => void this.#run(request));
    return 'Accepted';
  }

  /** The EVSEs are free. */
  allowInstallation(): void {
    this.#allowed = true;
    this.#allow?.();
  }

  stop(): void {
    this.#scheduled?.cancel();
    this.#abort.abort(new Error('the station ends'));
  }

  async #run(request: Request): Promise<void> {
    const { log, random, folder, note, installed, install } = this.#parts;
    const { address, disableConnectors } = readFirmwareAddress(request.location);
    const path = join(folder, `firmware-${random.uuid().slice(0, 8)}`);
    this.#running = true;
    this.#allowed = false;
    let failure: StatusName = 'DownloadFailed';
    try {
      note('downloading');
      await this.#download(request, address, path);
      this.#publish('Downloaded', disableConnectors);
      if (disableConnectors) await this.#leave();
      failure = 'InstallationFailed';
      note('installing');
      this.#publish('Installing');
      await install(path);
      installed();
      this.#publish('Installed');
      note(undefined);
    } catch (error) {
      // What the end of the module cuts off is told at its next start.
      if (this.#abort.signal.aborted) return;
      log.error(`the firmware update failed: ${messageOf(error)}`);
      note(undefined);
      this.#publish(failure);
    } finally {
      this.#running = false;
      await rm(path, { force: true });
    }
  }

  async #download(request: Request, address: string, path: string): Promise<void> {
    const { clock, log, transfer, defaults } = this.#parts;
    const plan = {
      clock,
      ...triesOf(request, defaults),
      signal: this.#abort.signal,
      onRetry: (error: unknown, attempt: number) => {
        log.warn(`the firmware was not downloaded at try ${attempt}: ${messageOf(error)}`);
        this.#publish('DownloadFailed');
      },
    };
    await withRetries(plan, async () => {
      this.#publish('Downloading');
      await transfer.download(address, path, this.#abort.signal);
    });
  }

  #leave(): Promise<void> {
    if (this.#allowed) return Promise.resolve();
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      this.#allow = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #publish(status: StatusName, disableConnectors?: boolean): void {
    this.#parts.publish({
      firmware_update_status: status,
      request_id: UNSIGNED,
      ...(disableConnectors !== undefined && {
        firmware_update_metadata: { disable_connectors_during_install: disableConnectors },
      }),
    });
  }
}
