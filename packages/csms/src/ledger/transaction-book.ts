import { isRecord } from '../checks/field-check.ts';
import type { Report } from '../checks/rules.ts';
import { Delivery } from './delivery.ts';
import { readStart, readStop, type StopRequest } from './requests.ts';
import { type Moment, readMoments } from './samples.ts';
import type { Transaction } from './transaction.ts';

/** A CALL of a station, with the text of its frame. */
export interface ReceivedCall {
  readonly id: string;
  readonly payload: unknown;
  readonly text: string;
}

/** meterStart and meterStop are whole Wh, samples are not: rounding may part them by this much. */
const ROUNDING_WH = 1;
/** Contexts that may overtake what waits in a station's queue, so they say nothing about what comes after them. */
const OUT_OF_TURN: ReadonlySet<string> = new Set(['Trigger', 'Other']);

/**
 * The transactions of one station, and what does not make sense in what it tells of them: the ledger knows, so the ledger says.
 * Each method takes a message in the order in which it came, changes the ledger, and reports the faults.
 */
export class TransactionBook {
  readonly transactions: Transaction[] = [];

  /**
   * StartTransaction.req. A resend is known by connector, idTag, timestamp and meterStart (D17).
   * @returns the transaction that it starts or started, undefined where the payload cannot be read
   */
  start(call: ReceivedCall, report: Report): Transaction | undefined {
    const start = readStart(call.payload);
    if (start === undefined) return undefined;
    const key = JSON.stringify([start.connectorId, start.idTag, start.timestamp, start.meterStartWh]);
    const known = this.transactions.findLast(({ start: other }) => {
      return key === JSON.stringify([other.connectorId, other.idTag, other.timestamp, other.meterStartWh]);
    });
    if (known !== undefined) {
      again(known.startDelivery, call, 'TX_START_REPEATED', `the start of ${nameOf(known)}`, report);
      return known;
    }
    const busy = this.openOn(start.connectorId);
    if (busy !== undefined)
      report('TX_CONNECTOR_BUSY', `connector ${start.connectorId} has ${nameOf(busy)}, which was not stopped`);
    const transaction: Transaction = {
      start,
      startDelivery: new Delivery(call.text, call.id),
      id: undefined,
      otherIds: new Set(),
      stop: undefined,
      stopDelivery: undefined,
      meterValues: 0,
      meterResends: 0,
      meterDelivery: undefined,
      last: undefined,
      timeFloorMs: start.atMs,
      meterFloorWh: start.meterStartWh,
    };
    this.transactions.push(transaction);
    return transaction;
  }

  /** StartTransaction.conf: the first id that was answered is the transaction's (D17). */
  bind(transaction: Transaction, payload: unknown): void {
    const id = isRecord(payload) ? payload.transactionId : undefined;
    if (typeof id !== 'number') return;
    if (transaction.id === undefined) transaction.id = id;
    else if (transaction.id !== id) transaction.otherIds.add(id);
  }

  /**
   * MeterValues.req. Those without a transactionId belong to no transaction, and are right too.
   * @returns the delivery that an answer settles
   */
  meterValues(call: ReceivedCall, report: Report): Delivery | undefined {
    const { payload } = call;
    if (!isRecord(payload) || typeof payload.transactionId !== 'number') return undefined;
    const transaction = this.#find(payload.transactionId);
    if (transaction === undefined) {
      report('TX_METER_UNKNOWN', `no transaction ${payload.transactionId} was started`);
      return undefined;
    }
    const before = transaction.meterDelivery;
    if (before?.repeats(call.text, call.id) === true && !before.received) {
      transaction.meterResends++;
      return before;
    }
    if (transaction.stop !== undefined)
      report('TX_METER_CLOSED', `${nameOf(transaction)} was stopped before these MeterValues came`);
    if (payload.connectorId !== transaction.start.connectorId)
      report(
        'TX_CONNECTOR',
        `${nameOf(transaction)} is on connector ${transaction.start.connectorId}, not ${payload.connectorId}`,
      );
    for (const moment of readMoments(payload.meterValue)) takeMoment(transaction, moment, report);
    transaction.meterValues++;
    transaction.meterDelivery = new Delivery(call.text, call.id);
    return transaction.meterDelivery;
  }

  /**
   * StopTransaction.req.
   * @returns the transaction that it stops or stopped, undefined where none can be found
   */
  stop(call: ReceivedCall, report: Report): Transaction | undefined {
    const stop = readStop(call.payload);
    if (stop === undefined) return undefined;
    const transaction = this.#find(stop.transactionId);
    if (transaction === undefined) {
      report('TX_STOP_UNKNOWN', `no transaction ${stop.transactionId} was started`);
      return undefined;
    }
    if (transaction.stopDelivery !== undefined) {
      again(transaction.stopDelivery, call, 'TX_STOP_REPEATED', `the stop of ${nameOf(transaction)}`, report);
      return transaction;
    }
    checkStop(transaction, stop, report);
    transaction.stop = stop;
    transaction.stopDelivery = new Delivery(call.text, call.id);
    return transaction;
  }

  /** The open transaction of a connector. */
  openOn(connectorId: number): Transaction | undefined {
    return this.open().find((transaction) => transaction.start.connectorId === connectorId);
  }

  open(): Transaction[] {
    return this.transactions.filter((transaction) => transaction.stop === undefined);
  }

  /**
   * By the CSMS's id. A start that was refused for good leaves the station without one; it then tells of the transaction under a
   * placeholder of its own, which is bound to the oldest transaction that has no id.
   */
  #find(id: number): Transaction | undefined {
    const known = this.transactions.findLast((transaction) => transaction.id === id || transaction.otherIds.has(id));
    if (known !== undefined) return known;
    const refused = this.open().find((transaction) => transaction.id === undefined && transaction.otherIds.size === 0);
    refused?.otherIds.add(id);
    return refused;
  }
}

function again(
  delivery: Delivery,
  call: ReceivedCall,
  rule: 'TX_START_REPEATED' | 'TX_STOP_REPEATED',
  what: string,
  report: Report,
): void {
  if (delivery.received) report(rule, `${what} was answered, and is sent again`);
  else if (!delivery.repeats(call.text, call.id))
    report('TX_RESEND_CHANGED', `${what} is sent again with another payload`);
  delivery.resends++;
}

function takeMoment(transaction: Transaction, moment: Moment, report: Report): void {
  const { start } = transaction;
  const outOfTurn = OUT_OF_TURN.has(moment.context);
  const timeFloorMs = outOfTurn ? start.atMs : transaction.timeFloorMs;
  const meterFloorWh = outOfTurn ? start.meterStartWh : transaction.meterFloorWh;
  checkMoment(moment, timeFloorMs, meterFloorWh, nameOf(transaction), report);
  transaction.last = { ...transaction.last, ...moment };
  if (outOfTurn) return;
  transaction.timeFloorMs = Math.max(transaction.timeFloorMs, moment.atMs);
  transaction.meterFloorWh = Math.max(transaction.meterFloorWh, moment.energyWh ?? 0);
}

function checkMoment(moment: Moment, timeFloorMs: number, meterFloorWh: number, what: string, report: Report): void {
  if (moment.atMs < timeFloorMs)
    report(
      'TX_TIME_BACK',
      `a sample of ${what} at ${moment.timestamp} lies ${timeFloorMs - moment.atMs} ms before what came before it`,
    );
  if (moment.energyWh !== undefined && moment.energyWh < meterFloorWh - ROUNDING_WH)
    report('TX_METER_FALLS', `the register of ${what} falls from ${meterFloorWh} to ${moment.energyWh} Wh`);
}

function checkStop(transaction: Transaction, stop: StopRequest, report: Report): void {
  const what = nameOf(transaction);
  if (stop.atMs < transaction.timeFloorMs)
    report(
      'TX_TIME_BACK',
      `the stop of ${what} at ${stop.timestamp} lies ${transaction.timeFloorMs - stop.atMs} ms before what came before it`,
    );
  if (stop.meterStopWh < transaction.meterFloorWh - ROUNDING_WH || stop.meterStopWh < transaction.start.meterStartWh)
    report(
      'TX_METER_FALLS',
      `the register of ${what} falls from ${transaction.meterFloorWh} to ${stop.meterStopWh} Wh at its stop`,
    );
  let [timeFloorMs, meterFloorWh] = [transaction.start.atMs, transaction.start.meterStartWh];
  for (const moment of readMoments(stop.transactionData)) {
    checkMoment(moment, timeFloorMs, meterFloorWh, `${what}, in transactionData,`, report);
    timeFloorMs = Math.max(timeFloorMs, moment.atMs);
    meterFloorWh = Math.max(meterFloorWh, moment.energyWh ?? 0);
  }
  if (timeFloorMs > stop.atMs)
    report('TX_TIME_BACK', `transactionData of ${what} goes on for ${timeFloorMs - stop.atMs} ms after its stop`);
  if (meterFloorWh > stop.meterStopWh + ROUNDING_WH)
    report('TX_METER_FALLS', `transactionData of ${what} has ${meterFloorWh} Wh, above meterStop ${stop.meterStopWh}`);
}

function nameOf(transaction: Transaction): string {
  const { id, start } = transaction;
  return id === undefined ? `the transaction of ${start.idTag} that began ${start.timestamp}` : `transaction ${id}`;
}
