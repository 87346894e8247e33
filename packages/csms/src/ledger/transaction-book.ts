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
  readonly #onChange: (transaction: Transaction) => void;

  /** @param onChange is told of each transaction that began or became another */
  constructor(onChange: (transaction: Transaction) => void = () => {}) {
    this.#onChange = onChange;
  }

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
      this.#onChange(known);
      return known;
    }
    for (const busy of this.running().filter((other) => other.start.connectorId === start.connectorId)) {
      report('TX_CONNECTOR_BUSY', `connector ${start.connectorId} has ${nameOf(busy)}, which was not stopped`);
      busy.superseded = true;
      this.#onChange(busy);
    }
    const transaction: Transaction = {
      start,
      startDelivery: Delivery.first(call.text, call.id),
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
      superseded: false,
    };
    this.transactions.push(transaction);
    this.#onChange(transaction);
    return transaction;
  }

  /** StartTransaction.conf: the first id that was answered is the transaction's (D17). */
  bind(transaction: Transaction, payload: unknown): void {
    const id = isRecord(payload) ? payload.transactionId : undefined;
    if (typeof id !== 'number') return;
    if (transaction.id === undefined) transaction.id = id;
    else if (transaction.id !== id) transaction.otherIds.add(id);
    this.#onChange(transaction);
  }

  /** The CSMS answered a message of a transaction. */
  answered(transaction: Transaction, delivery: Delivery): void {
    delivery.answered();
    this.#onChange(transaction);
  }

  /** The station went on after an answer to a message of a transaction. */
  wentOn(transaction: Transaction, delivery: Delivery): void {
    if (delivery.received) return;
    delivery.wentOn();
    this.#onChange(transaction);
  }

  /**
   * MeterValues.req. Those without a transactionId belong to no transaction, and are right too.
   * @returns the transaction that they are of
   */
  meterValues(call: ReceivedCall, report: Report): Transaction | undefined {
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
      this.#onChange(transaction);
      return transaction;
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
    transaction.meterDelivery = Delivery.first(call.text, call.id);
    this.#onChange(transaction);
    return transaction;
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
      this.#onChange(transaction);
      return transaction;
    }
    checkStop(transaction, stop, report);
    transaction.stop = stop;
    transaction.stopDelivery = Delivery.first(call.text, call.id);
    this.#onChange(transaction);
    return transaction;
  }

  /** Those that go on, as far as the CSMS can know. */
  running(): Transaction[] {
    return this.transactions.filter((transaction) => transaction.stop === undefined && !transaction.superseded);
  }

  /**
   * By the CSMS's id. A start that was refused for good leaves the station without one; it then tells of the transaction under a
   * placeholder of its own, which is bound to the oldest transaction that has no id.
   */
  #find(id: number): Transaction | undefined {
    const known = this.transactions.findLast((transaction) => transaction.id === id || transaction.otherIds.has(id));
    if (known !== undefined) return known;
    const refused = this.transactions.find(
      ({ stop, id: given, otherIds }) => stop === undefined && given === undefined && otherIds.size === 0,
    );
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
