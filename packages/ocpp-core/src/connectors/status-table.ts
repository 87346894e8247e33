import type { ConnectorStatus } from '../ocpp-types.ts';

/** The states that a connector goes through. Faulted lies over them and is none of them. */
export type ConnectorState = Exclude<ConnectorStatus, 'Faulted'>;

/** What moves a connector from one state to the next. */
export type ConnectorEvent =
  | 'usageInitiated'
  | 'startCharging'
  | 'pauseEv'
  | 'pauseEvse'
  | 'transactionStopped'
  | 'becomeAvailable'
  | 'reserve'
  | 'reservationEnd'
  | 'toUnavailable';

type Row = Partial<Readonly<Record<ConnectorEvent, ConnectorState>>>;

const CHARGE: Row = { startCharging: 'Charging', pauseEv: 'SuspendedEV', pauseEvse: 'SuspendedEVSE' };
const END: Row = { transactionStopped: 'Finishing', becomeAvailable: 'Available' };

/**
 * The transitions of a connector. An event that a state does not list is ignored.
 * @see OCPP 1.6, 4.9 (the table of state transitions)
 */
export const statusTable: Readonly<Record<ConnectorState, Row>> = {
  Available: { ...CHARGE, usageInitiated: 'Preparing', reserve: 'Reserved', toUnavailable: 'Unavailable' },
  Preparing: { ...CHARGE, ...END },
  Charging: { pauseEv: 'SuspendedEV', pauseEvse: 'SuspendedEVSE', ...END, toUnavailable: 'Unavailable' },
  SuspendedEV: { startCharging: 'Charging', pauseEvse: 'SuspendedEVSE', ...END, toUnavailable: 'Unavailable' },
  // A pause for another reason leads back to where it is (C-13).
  SuspendedEVSE: { ...CHARGE, ...END, toUnavailable: 'Unavailable' },
  Finishing: { usageInitiated: 'Preparing', becomeAvailable: 'Available', toUnavailable: 'Unavailable' },
  Reserved: {
    usageInitiated: 'Preparing',
    becomeAvailable: 'Available',
    reservationEnd: 'Available',
    toUnavailable: 'Unavailable',
  },
  Unavailable: { ...CHARGE, usageInitiated: 'Preparing', becomeAvailable: 'Available' },
};

/** Connector 0 is the station: it is there or it is not (C-03). */
export const stationStatusTable: Readonly<Partial<Record<ConnectorState, Row>>> = {
  Available: { toUnavailable: 'Unavailable' },
  Unavailable: { becomeAvailable: 'Available' },
};
