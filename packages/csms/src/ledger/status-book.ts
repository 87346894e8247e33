import { isRecord } from '../checks/field-check.ts';
import type { Report } from '../checks/rules.ts';
import { CHARGE_POINT_STATUS, type ChargePointStatus } from '../checks/tables/enumerations.ts';

/** What a connector last said of itself. */
export interface ConnectorView {
  readonly connectorId: number;
  readonly status: ChargePointStatus;
  readonly errorCode: string;
  readonly info: string | null;
  readonly vendorErrorCode: string | null;
  /** The station's time, or when the CSMS heard it where it gave none. */
  readonly at: string;
}

/** Which status may follow which; the same again is always right (an error came, a trigger asked). @see OCPP 1.6 edition 2, 4.9 */
export const STATUS_TRANSITIONS: Readonly<Record<ChargePointStatus, readonly ChargePointStatus[]>> = {
  Available: ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Reserved', 'Unavailable', 'Faulted'],
  Preparing: ['Available', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Faulted'],
  Charging: ['Available', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Unavailable', 'Faulted'],
  SuspendedEV: ['Available', 'Charging', 'SuspendedEVSE', 'Finishing', 'Unavailable', 'Faulted'],
  SuspendedEVSE: ['Available', 'Charging', 'SuspendedEV', 'Finishing', 'Unavailable', 'Faulted'],
  Finishing: ['Available', 'Preparing', 'Unavailable', 'Faulted'],
  Reserved: ['Available', 'Preparing', 'Unavailable', 'Faulted'],
  Unavailable: ['Available', 'Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Faulted'],
  Faulted: [
    'Available',
    'Preparing',
    'Charging',
    'SuspendedEV',
    'SuspendedEVSE',
    'Finishing',
    'Reserved',
    'Unavailable',
  ],
};

const CONNECTOR_ZERO: ReadonlySet<ChargePointStatus> = new Set(['Available', 'Unavailable', 'Faulted']);

/** The connectors of one station, and the steps between their states. */
export class StatusBook {
  readonly #connectors = new Map<number, ConnectorView>();
  /** Connectors whose last status still stands; what changed while nobody listened is not told step by step. */
  readonly #current = new Set<number>();

  /** Statuses may have changed unheard: the connection was down, or the station started anew. */
  lostTrack(): void {
    this.#current.clear();
  }

  /**
   * StatusNotification.req.
   * @param debounced whether MinimumStatusDuration is above 0, so that short states between two others are left out
   */
  take(payload: unknown, heardAt: string, debounced: boolean, report: Report): void {
    if (!isRecord(payload)) return;
    const { connectorId, status, errorCode, info, vendorErrorCode, timestamp } = payload;
    if (typeof connectorId !== 'number' || !isStatus(status)) return;
    const before = this.#current.has(connectorId) && !debounced ? this.#connectors.get(connectorId) : undefined;
    if (connectorId === 0 && !CONNECTOR_ZERO.has(status)) report('STATUS_CONNECTOR_ZERO', `connector 0 is ${status}`);
    else if (before !== undefined && before.status !== status && !STATUS_TRANSITIONS[before.status].includes(status))
      report('STATUS_TRANSITION', `connector ${connectorId} goes from ${before.status} to ${status}`);
    if (status === 'Faulted' && errorCode === 'NoError')
      report('STATUS_FAULT_CODE', `connector ${connectorId} is Faulted with NoError`);
    this.#current.add(connectorId);
    this.#connectors.set(connectorId, {
      connectorId,
      status,
      errorCode: textOr(errorCode, 'NoError'),
      info: textOr(info, null),
      vendorErrorCode: textOr(vendorErrorCode, null),
      at: textOr(timestamp, heardAt),
    });
  }

  /** Takes back what {@link view} gave, as last heard of and not as current; leaves out what is something else. */
  restore(connectors: unknown): void {
    if (!Array.isArray(connectors)) return;
    for (const connector of connectors)
      if (isRecord(connector)) this.take({ ...connector, timestamp: connector.at }, '', true, () => {});
    this.lostTrack();
  }

  /** All connectors that were heard of, by id. */
  view(): ConnectorView[] {
    return [...this.#connectors.values()].sort((a, b) => a.connectorId - b.connectorId);
  }
}

function isStatus(value: unknown): value is ChargePointStatus {
  return CHARGE_POINT_STATUS.some((status) => status === value);
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
