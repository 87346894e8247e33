import type { ConnectorError } from '../charge-point-types.ts';
import { cutText } from '../cut-text.ts';
import type { ConnectorStatus, ErrorCode } from '../ocpp-types.ts';
import { type ConnectorEvent, type ConnectorState, stationStatusTable, statusTable } from './status-table.ts';

/** What a StatusNotification says, its connector and time left out. */
export interface StatusReport {
  readonly status: ConnectorStatus;
  readonly errorCode: ErrorCode;
  readonly info?: string;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
}

/** One connector's state, and the errors that lie over it. Pure: it says what is to be reported, others report it. */
export class Connector {
  readonly id: number;
  readonly #errors = new Map<string, ConnectorError>();
  #state: ConnectorState;
  #info: string | undefined;

  constructor(id: number, initial: ConnectorState) {
    this.id = id;
    this.#state = initial;
  }

  /** The state below the faults. */
  get state(): ConnectorState {
    return this.#state;
  }

  get faulted(): boolean {
    return [...this.#errors.values()].some(({ fault }) => fault);
  }

  get status(): ConnectorStatus {
    return this.faulted ? 'Faulted' : this.#state;
  }

  /**
   * Lets an event happen.
   * @returns what is to be reported: nothing where the event means nothing in this state, changes nothing, or a fault hides it
   */
  apply(event: ConnectorEvent, info?: string): StatusReport | undefined {
    const row = this.id === 0 ? stationStatusTable[this.#state] : statusTable[this.#state];
    const next = row?.[event];
    if (next === undefined) return undefined;
    const same = next === this.#state && info === this.#info;
    this.#state = next;
    this.#info = info;
    return same || this.faulted ? undefined : this.#report(this.#newest(), info);
  }

  /** @returns what is to be reported; nothing where this error is active already (C-15) */
  raise(error: ConnectorError): StatusReport | undefined {
    if (this.#errors.has(error.id)) return undefined;
    this.#errors.set(error.id, error);
    return this.#report(error);
  }

  /**
   * @param reportCleared ReportClearedErrors: each clearing is reported, and says what was cleared (C-18)
   * @returns what is to be reported (C-16)
   */
  clear(id: string, reportCleared: boolean): StatusReport | undefined {
    const cleared = this.#errors.get(id);
    if (!cleared) return undefined;
    this.#errors.delete(id);
    const newest = this.#newest();
    if (!reportCleared) return this.faulted ? undefined : this.#report(newest);
    return {
      status: this.status,
      errorCode: newest?.errorCode ?? 'NoError',
      ...texts({ ...cleared, info: `${cleared.vendorErrorCode ?? cleared.errorCode} resolved` }),
    };
  }

  /**
   * The present state, as it is told after a reconnect or a trigger.
   * @param withReason whether a suspension says why (C-13), else no text is repeated (C-14)
   */
  current(withReason: boolean = false): StatusReport {
    const reason = withReason && this.#state === 'SuspendedEVSE' ? this.#info : undefined;
    return this.#report(this.#newest(), reason);
  }

  /** Puts a restored connector into its state without a report. */
  restore(state: ConnectorState): void {
    this.#state = state;
    this.#info = undefined;
  }

  /** The error raised last, by its own time (C-17). */
  #newest(): ConnectorError | undefined {
    return [...this.#errors.values()].reduce<ConnectorError | undefined>(
      (newest, error) => (newest && outranks(newest, error) ? newest : error),
      undefined,
    );
  }

  #report(error: ConnectorError | undefined, info?: string): StatusReport {
    return {
      status: this.status,
      errorCode: error?.errorCode ?? 'NoError',
      ...texts({ ...(info === undefined ? {} : { info }), ...error }),
    };
  }
}

/** The later one is told; of two of the same moment the fault, since the other is its cause. */
function outranks(newest: ConnectorError, error: ConnectorError): boolean {
  if (newest.timestampMs === error.timestampMs) return newest.fault && !error.fault;
  return newest.timestampMs > error.timestampMs;
}

/** The free texts, cut to the lengths that the message allows (C-19). */
function texts(from: { info?: string; vendorId?: string; vendorErrorCode?: string }): Partial<StatusReport> {
  return {
    ...(from.info === undefined ? {} : { info: cutText(from.info, 50) }),
    ...(from.vendorId === undefined ? {} : { vendorId: cutText(from.vendorId, 255) }),
    ...(from.vendorErrorCode === undefined ? {} : { vendorErrorCode: cutText(from.vendorErrorCode, 50) }),
  };
}
