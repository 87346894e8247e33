import { parseTimestamp } from '@chargemesh/base';
import { isRecord } from '../checks/field-check.ts';

/** What the ledger needs of a StartTransaction.req. */
export interface StartRequest {
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly timestamp: string;
  readonly atMs: number;
}

/** What the ledger needs of a StopTransaction.req. */
export interface StopRequest {
  readonly transactionId: number;
  readonly meterStopWh: number;
  readonly timestamp: string;
  readonly atMs: number;
  readonly reason: string;
  readonly idTag?: string;
  readonly transactionData: unknown;
}

/** Reads StartTransaction.req; undefined where a field that it takes to know the transaction is missing or of the wrong type. */
export function readStart(payload: unknown): StartRequest | undefined {
  if (!isRecord(payload)) return undefined;
  const { connectorId, idTag, meterStart, timestamp } = payload;
  const atMs = timeOf(timestamp);
  if (typeof connectorId !== 'number' || typeof idTag !== 'string') return undefined;
  if (typeof meterStart !== 'number' || atMs === undefined) return undefined;
  return { connectorId, idTag, meterStartWh: meterStart, timestamp: String(timestamp), atMs };
}

/** Reads StopTransaction.req; undefined as in {@link readStart}. */
export function readStop(payload: unknown): StopRequest | undefined {
  if (!isRecord(payload)) return undefined;
  const { transactionId, meterStop, timestamp, reason, idTag, transactionData } = payload;
  const atMs = timeOf(timestamp);
  if (typeof transactionId !== 'number' || typeof meterStop !== 'number' || atMs === undefined) return undefined;
  return {
    transactionId,
    meterStopWh: meterStop,
    timestamp: String(timestamp),
    atMs,
    // 6.49: a stop without a reason is a local one.
    reason: typeof reason === 'string' ? reason : 'Local',
    ...(typeof idTag === 'string' ? { idTag } : {}),
    transactionData,
  };
}

/** Epoch milliseconds of a field that holds a timestamp. */
export function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseTimestamp(value) : undefined;
}
