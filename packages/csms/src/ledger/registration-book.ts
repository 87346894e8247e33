import { isRecord } from '../checks/field-check.ts';
import type { Report } from '../checks/rules.ts';

/** Where a station stands with its BootNotification; `unknown` when this CSMS has never seen one of it. */
export type Registration = 'unknown' | 'waiting' | 'Accepted' | 'Pending' | 'Rejected';

const REGISTRATIONS: readonly Registration[] = ['unknown', 'waiting', 'Accepted', 'Pending', 'Rejected'];

/** A station's timer and ours are not the same; it may be this much early. */
const EARLY_MS = 1000;

/** What a requestedMessage of (Extended)TriggerMessage brings, where it is not an action of the same name. */
const TRIGGERED: Readonly<Record<string, readonly string[]>> = {
  FirmwareStatusNotification: ['FirmwareStatusNotification', 'SignedFirmwareStatusNotification'],
  SignChargePointCertificate: ['SignCertificate'],
};

/** The registration of one station. @see OCPP 1.6 edition 2, 4.2 */
export class RegistrationBook {
  #state: Registration = 'unknown';
  /** When, and after how long, BootNotification may be sent again on this connection. */
  #retry: { readonly atMs: number; readonly intervalS: number } | undefined;
  readonly #triggered = new Set<string>();
  #boot: Readonly<Record<string, unknown>> | undefined;
  /** Whether a BootNotification that comes now is the first of its connection. */
  #fresh = true;

  get state(): Registration {
    return this.#state;
  }

  /** The last BootNotification. */
  get boot(): Readonly<Record<string, unknown>> | undefined {
    return this.#boot;
  }

  /** Goes on from an earlier state and the BootNotification that led to it; leaves out what is something else. */
  restore(state: unknown, boot: unknown): void {
    this.#state = REGISTRATIONS.find((known) => known === state) ?? 'unknown';
    this.#boot = isRecord(boot) ? boot : undefined;
  }

  /** A new connection may be a new start of the station, which owes nothing to an interval that it may not remember. */
  connected(): void {
    this.#fresh = true;
    this.#retry = undefined;
    this.#triggered.clear();
  }

  /** A CALL of the station. @param nowMs the CSMS's time */
  called(action: string, payload: unknown, nowMs: number, report: Report): void {
    if (action === 'BootNotification') {
      this.#booted(payload, nowMs, report);
      return;
    }
    if (this.#state === 'unknown' || this.#state === 'Accepted' || this.#triggered.has(action)) return;
    report(
      'BOOT_NOT_ACCEPTED',
      `${action} while BootNotification is ${this.#state === 'waiting' ? 'not answered' : this.#state}`,
    );
  }

  /** The CSMS's answer to BootNotification. */
  answered(payload: unknown, nowMs: number): void {
    if (!isRecord(payload)) return;
    const { status, interval } = payload;
    if (status !== 'Accepted' && status !== 'Pending' && status !== 'Rejected') return;
    this.#state = status;
    this.#triggered.clear();
    this.#retry =
      status !== 'Accepted' && typeof interval === 'number' && interval > 0
        ? { atMs: nowMs, intervalS: interval }
        : undefined;
  }

  /** The station accepted a TriggerMessage or an ExtendedTriggerMessage. */
  triggerAccepted(request: unknown): void {
    const message = isRecord(request) ? request.requestedMessage : undefined;
    if (typeof message !== 'string') return;
    for (const action of TRIGGERED[message] ?? [message]) this.#triggered.add(action);
  }

  /** A start of the station begins its registration anew; a BootNotification that was asked for does not. */
  #booted(payload: unknown, nowMs: number, report: Report): void {
    const waitedMs = this.#retry === undefined ? 0 : nowMs - this.#retry.atMs;
    if (
      this.#retry !== undefined &&
      waitedMs < this.#retry.intervalS * 1000 - EARLY_MS &&
      !this.#triggered.has('BootNotification')
    )
      report(
        'BOOT_TOO_EARLY',
        `BootNotification comes again after ${waitedMs} ms, the interval is ${this.#retry.intervalS} s`,
      );
    if (this.#fresh && !this.#triggered.has('BootNotification')) this.#state = 'waiting';
    this.#fresh = false;
    if (isRecord(payload)) this.#boot = payload;
  }
}
