import type { Delivery } from './delivery.ts';
import type { StartRequest, StopRequest } from './requests.ts';
import type { Moment } from './samples.ts';

/** One transaction of a station, from the messages that told of it. */
export interface Transaction {
  readonly start: StartRequest;
  readonly startDelivery: Delivery;
  /** The id in the first answer, the transaction's for good (D17); undefined while no attempt was answered. */
  id: number | undefined;
  /** Ids of later answers, and the placeholder that a station uses when its start was refused for good. */
  readonly otherIds: Set<number>;
  stop: StopRequest | undefined;
  stopDelivery: Delivery | undefined;
  meterValues: number;
  meterResends: number;
  /** The last MeterValues message, to know it again when it is sent twice. */
  meterDelivery: Delivery | undefined;
  last: Moment | undefined;
  /** The highest time and register that samples have shown, not counting triggered ones. */
  timeFloorMs: number;
  meterFloorWh: number;
  /** A later one began on its connector, so it cannot go on, though nobody stopped it. */
  superseded: boolean;
}

/** A transaction as it is shown: plain JSON. */
export interface LedgerTransaction {
  readonly id: number | null;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly started: string;
  readonly meterStopWh: number | null;
  readonly stopped: string | null;
  readonly reason: string | null;
  readonly stopIdTag: string | null;
  /** Never stopped, and over: a later one began on its connector. */
  readonly superseded: boolean;
  /** Charged so far: to the last sample while it is open, to meterStop when it is stopped. */
  readonly energyWh: number;
  readonly powerW: number | null;
  readonly currentA: number | null;
  readonly socPercent: number | null;
  readonly lastSample: string | null;
  readonly meterValues: number;
  readonly resends: { readonly start: number; readonly meterValues: number; readonly stop: number };
}

/** The view of a transaction that leaves the CSMS. */
export function viewTransaction(transaction: Transaction): LedgerTransaction {
  const { start, stop, last } = transaction;
  const running = stop === undefined && !transaction.superseded;
  const endWh = stop?.meterStopWh ?? Math.max(transaction.meterFloorWh, start.meterStartWh);
  return {
    id: transaction.id ?? null,
    connectorId: start.connectorId,
    idTag: start.idTag,
    meterStartWh: start.meterStartWh,
    started: start.timestamp,
    meterStopWh: stop?.meterStopWh ?? null,
    stopped: stop?.timestamp ?? null,
    reason: stop?.reason ?? null,
    stopIdTag: stop?.idTag ?? null,
    superseded: stop === undefined && transaction.superseded,
    energyWh: Math.round((endWh - start.meterStartWh) * 100) / 100,
    powerW: running ? (last?.powerW ?? null) : null,
    currentA: running ? (last?.currentA ?? null) : null,
    socPercent: last?.socPercent ?? null,
    lastSample: last?.timestamp ?? null,
    meterValues: transaction.meterValues,
    resends: {
      start: transaction.startDelivery.resends,
      meterValues: transaction.meterResends,
      stop: transaction.stopDelivery?.resends ?? 0,
    },
  };
}
