import { type Clock, parseTimestamp } from '@chargemesh/base';
import type { StationView } from '../ledger/station-view.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';

/** A transaction with how long it took, or has taken so far. */
export interface TimedTransaction extends LedgerTransaction {
  readonly durationS: number;
}

/** A station with its transactions timed. */
export interface TimedStation extends Omit<StationView, 'transactions'> {
  readonly transactions: readonly TimedTransaction[];
}

/** One line of `list`: a connector with what goes on at it. */
export interface ConnectorSummary {
  readonly connectorId: number;
  readonly status: string;
  readonly errorCode: string;
  readonly info: string | null;
  /** The open transaction, or null. */
  readonly transaction: TimedTransaction | null;
}

/** One station in `list`. */
export interface StationSummary {
  readonly station: string;
  readonly connected: boolean;
  readonly halfOpen: boolean;
  readonly since: string;
  readonly registration: string;
  readonly model: string | null;
  readonly connectors: readonly ConnectorSummary[];
  /** How many transactions it had, and how many of them are open. */
  readonly transactions: number;
  readonly open: number;
  readonly violations: number;
}

/** Adds durations to a station's transactions; an open one lasts until now. */
export function timeStation(view: StationView, clock: Pick<Clock, 'wallMs'>): TimedStation {
  return { ...view, transactions: view.transactions.map((transaction) => timeTransaction(transaction, clock)) };
}

/** The short form of a station. */
export function summarise(view: StationView, clock: Pick<Clock, 'wallMs'>): StationSummary {
  const open = view.transactions.filter(({ stopped, superseded }) => stopped === null && !superseded);
  const { chargePointVendor: vendor, chargePointModel: model } = view.boot ?? {};
  const named = [vendor, model].filter((name) => typeof name === 'string');
  return {
    station: view.station,
    connected: view.connected,
    halfOpen: view.halfOpen,
    since: view.since,
    registration: view.registration,
    model: named.length > 0 ? named.join(' ') : null,
    connectors: view.connectors.map(({ connectorId, status, errorCode, info }) => {
      const transaction = open.findLast((candidate) => candidate.connectorId === connectorId);
      return {
        connectorId,
        status,
        errorCode,
        info,
        transaction: transaction === undefined ? null : timeTransaction(transaction, clock),
      };
    }),
    transactions: view.transactions.length,
    open: open.length,
    violations: view.violations,
  };
}

function timeTransaction(transaction: LedgerTransaction, clock: Pick<Clock, 'wallMs'>): TimedTransaction {
  const { started, stopped, superseded, lastSample } = transaction;
  const startMs = parseTimestamp(started) ?? clock.wallMs();
  // Of one that nobody stopped the last sample is the last that is known.
  const end = stopped ?? (superseded ? (lastSample ?? started) : undefined);
  const endMs = end === undefined ? clock.wallMs() : (parseTimestamp(end) ?? startMs);
  return { ...transaction, durationS: Math.round((endMs - startMs) / 1000) };
}
