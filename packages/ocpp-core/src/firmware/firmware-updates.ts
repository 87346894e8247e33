import { type Logger, messageOf } from '@chargemesh/base';
import type { Availability } from '../connectors/availability.ts';
import type { Messenger } from '../queue/messenger.ts';
import type { FirmwareStatus } from '../schemas/messages.ts';
import type { Station } from '../station.ts';

/** What {@link FirmwareUpdates} stands on. */
export interface FirmwareUpdatesParts {
  readonly log: Logger;
  readonly station: Station;
  readonly availability: Availability;
  readonly messenger: Pick<Messenger, 'send'>;
}

/** After these nothing is under way any more (E-51). */
const LAST: readonly FirmwareStatus[] = ['Installed', 'InstallationFailed', 'DownloadFailed', 'Idle'];

/**
 * Tells the CSMS how an update of the firmware goes on, and lets it be installed once no car is charged: connectors that are free are closed
 * when it has been downloaded, the others as they become free (C-134, C-135).
 * @see OCPP 1.6, 4.5 and 5.19
 */
export class FirmwareUpdates {
  readonly #parts: FirmwareUpdatesParts;
  #status: FirmwareStatus = 'Idle';
  /** Whether a firmware waits for the connectors to be free. */
  #waits = false;
  #newest: FirmwareStatus = 'Idle';
  /** Whether the CSMS could not be told the newest status. */
  #untold = false;

  constructor(parts: FirmwareUpdatesParts) {
    this.#parts = parts;
  }

  /** @param disableConnectors whether the connectors are to be closed during the installation; counts with `Downloaded` */
  report(status: FirmwareStatus, disableConnectors = true): void {
    const { availability } = this.#parts;
    this.#status = LAST.includes(status) ? 'Idle' : status;
    this.#send(status);
    if (status === 'Downloaded' && disableConnectors) {
      this.#waits = true;
      availability.close();
      this.check();
    }
    if (LAST.includes(status)) {
      this.#waits = false;
      availability.reopen();
    }
  }

  /** The CSMS can be told again: the end of an update often comes right after the start of what was updated, before the registration. */
  refresh(): void {
    if (this.#untold) this.#send(this.#newest);
  }

  /** The CSMS wants to know. */
  tell(): void {
    this.#parts.messenger.send('FirmwareStatusNotification', { status: this.#status }, { triggered: true });
  }

  /** The use of a connector may have ended. */
  check(): void {
    const { availability, station, log } = this.#parts;
    if (!this.#waits || availability.isAnyBusy) return;
    this.#waits = false;
    station.allowInstallation().catch((thrown: unknown) => {
      log.error('the station could not be told to install its firmware', { error: messageOf(thrown) });
    });
  }

  #send(status: FirmwareStatus): void {
    this.#newest = status;
    this.#untold = false;
    this.#parts.messenger.send(
      'FirmwareStatusNotification',
      { status },
      {
        onOutcome: ({ kind }) => {
          if (kind === 'undelivered') this.#untold = true;
        },
      },
    );
  }
}
