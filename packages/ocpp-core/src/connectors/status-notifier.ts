import { type Clock, formatTimestamp, type Timer } from '@chargemesh/base';
import type { SendOptions } from '../queue/messenger.ts';
import type { StatusReport } from './connector.ts';

/** What {@link StatusNotifier} stands on. */
export interface StatusNotifierParts {
  readonly clock: Clock;
  /** MinimumStatusDuration in seconds. */
  readonly minimumDurationS: () => number;
  readonly send: (action: 'StatusNotification', payload: object, options?: SendOptions) => void;
}

/**
 * Sends StatusNotifications. A status that does not last MinimumStatusDuration is not told, and one that does has the time at which it began;
 * without such a duration each one is told.
 * @see OCPP 1.6, 4.9 and 9.1.20 (MinimumStatusDuration)
 */
export class StatusNotifier {
  readonly #parts: StatusNotifierParts;
  readonly #waiting = new Map<number, Timer>();

  constructor(parts: StatusNotifierParts) {
    this.#parts = parts;
  }

  report(connectorId: number, report: StatusReport): void {
    this.#waiting.get(connectorId)?.cancel();
    this.#waiting.delete(connectorId);
    const durationMs = this.#parts.minimumDurationS() * 1000;
    const sinceMs = this.#parts.clock.wallMs();
    if (durationMs <= 0) {
      this.#send(connectorId, report, sinceMs);
      return;
    }
    this.#waiting.set(
      connectorId,
      this.#parts.clock.setTimer(durationMs, () => {
        this.#waiting.delete(connectorId);
        this.#send(connectorId, report, sinceMs);
      }),
    );
  }

  /** The CSMS asked: neither the duration nor the registration matters (C-21). */
  triggered(connectorId: number, report: StatusReport): void {
    this.#send(connectorId, report, this.#parts.clock.wallMs(), { triggered: true });
  }

  stop(): void {
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }

  #send(connectorId: number, report: StatusReport, atMs: number, options?: SendOptions): void {
    const { errorCode, info, status, vendorErrorCode, vendorId } = report;
    this.#parts.send(
      'StatusNotification',
      {
        connectorId,
        errorCode,
        ...(info === undefined ? {} : { info }),
        status,
        timestamp: formatTimestamp(atMs),
        ...(vendorErrorCode === undefined ? {} : { vendorErrorCode }),
        ...(vendorId === undefined ? {} : { vendorId }),
      },
      options,
    );
  }
}
