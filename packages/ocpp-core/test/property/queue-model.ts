import { isDeepStrictEqual } from 'node:util';
import { formatTimestamp } from '@chargemesh/base';
import type { SessionId } from '../../src/index.ts';
import type { Request } from './moody-csms.ts';

/** TransactionMessageAttempts and TransactionMessageRetryInterval of the station under test. */
export const ATTEMPTS = 3;
export const INTERVAL_MS = 10_000;
const ANSWER_MS = 30_000;
/** What could not be written down is tried again after so long. */
const DISK_MS = 5_000;

/** A transaction as the model knows it. */
export interface ModelTransaction {
  readonly sessionId: SessionId;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly startedMs: number;
  startState: 'open' | 'answered' | 'failed';
  stopState: 'none' | 'queued' | 'answered' | 'failed';
  transactionId: number | undefined;
  stop:
    | { readonly idTag?: string; readonly meterStop: number; readonly reason: string; readonly timestamp: string }
    | undefined;
}

/** A message that has to reach the CSMS. */
export interface ModelMessage {
  readonly action: 'StartTransaction' | 'MeterValues' | 'StopTransaction' | 'SecurityEventNotification';
  readonly transaction: ModelTransaction | undefined;
  /** Of a security event. */
  readonly type?: string;
  attempts: number;
  dueMs: number;
  /** As it was sent last, and with which transaction id. */
  sent?: { readonly payloadText: string; readonly transactionId: number | undefined };
  /** It was answered, and the answer is not on disk yet. */
  unwritten?: { readonly sinceMs: number; readonly transactionId: number };
}

interface InFlight {
  readonly message: ModelMessage;
  readonly id: string;
  readonly sentMs: number;
  readonly deadlineMs: number;
}

const RANK = { StartTransaction: 0, MeterValues: 1, StopTransaction: 2, SecurityEventNotification: 0 } as const;

/**
 * What the queue of transaction messages and the ledger have to do, written from the rules and not from the code: oldest first, one at a time,
 * until it is answered; only refusals and silence on a live link are attempts; what was refused too often is put aside; the first answer
 * counts. Throws where the station does otherwise.
 */
export class QueueModel {
  readonly transactions: ModelTransaction[] = [];
  readonly undeliverable: ModelMessage[] = [];
  #queue: ModelMessage[] = [];
  #inFlight: InFlight | undefined;
  readonly #sendings = new Map<string, ModelMessage>();
  #undo: (() => void) | undefined;
  /** Until then the station may wait for its disk. */
  #patienceMs = 0;

  get length(): number {
    return this.#queue.length;
  }

  /** @returns what takes back everything that was begun, ended or sent again since */
  remember(): () => void {
    const [queue, undeliverable, count] = [[...this.#queue], [...this.undeliverable], this.transactions.length];
    const states = this.transactions.map(({ stop, startState, stopState }) => ({ stop, startState, stopState }));
    return () => {
      this.#queue = queue;
      this.undeliverable.splice(0, this.undeliverable.length, ...undeliverable);
      this.transactions.length = count;
      for (const [at, state] of states.entries()) Object.assign(this.transactions[at] ?? {}, state);
    };
  }

  begin(transaction: ModelTransaction, signed: boolean): void {
    this.transactions.push(transaction);
    this.#push('StartTransaction', transaction);
    if (signed) this.#push('MeterValues', transaction);
  }

  end(transaction: ModelTransaction, stop: NonNullable<ModelTransaction['stop']>): void {
    transaction.stop = stop;
    transaction.stopState = 'queued';
    this.#push('StopTransaction', transaction);
  }

  /** The end of a transaction that went with the power, as far as anybody knows. */
  endCutOff(transaction: ModelTransaction): void {
    const { meterStartWh, startedMs } = transaction;
    this.end(transaction, { meterStop: meterStartWh, reason: 'PowerLoss', timestamp: formatTimestamp(startedMs) });
  }

  securityEvent(type: string): void {
    this.#queue.push({ action: 'SecurityEventNotification', transaction: undefined, type, attempts: 0, dueMs: 0 });
  }

  /** The station sends a message. */
  received({ id, action, payloadText }: Request, nowMs: number): void {
    this.catchUp(nowMs);
    if (this.#inFlight)
      throw new Error(`${action} is sent while ${this.#inFlight.message.action} waits for its answer`);
    const [message] = this.#queue;
    if (!message) throw new Error(`${action} is sent, and nothing waits`);
    if (message.unwritten !== undefined) throw new Error(`${action} is sent again after its answer`);
    const fault = faultOf(message, action, payloadText);
    if (fault) throw new Error(`${fault}: ${payloadText}`);
    if (nowMs < message.dueMs) throw new Error(`${action} is sent ${message.dueMs - nowMs} ms too early`);
    message.sent = { payloadText, transactionId: message.transaction?.transactionId };
    this.#sendings.set(id, message);
    const deadlineMs = nowMs + ANSWER_MS + INTERVAL_MS * (message.attempts + 1);
    this.#inFlight = { message, id, sentMs: nowMs, deadlineMs };
  }

  /** An answer reaches the station, in time or late. */
  answered(id: string, transactionId: number, nowMs: number): void {
    this.catchUp(nowMs);
    const message = this.#settle(id);
    if (!message || !this.#queue.includes(message) || message.unwritten !== undefined) return;
    const { transaction, action } = message;
    const before = { queue: this.#queue, transaction: { ...transaction } };
    this.#queue = this.#queue.filter((other) => other !== message);
    this.#undo = () => {
      this.#queue = before.queue;
      if (transaction) Object.assign(transaction, before.transaction);
      message.unwritten = { sinceMs: nowMs, transactionId };
    };
    if (transaction && action === 'StartTransaction') this.#started(transaction, transactionId);
    if (transaction && action === 'StopTransaction') transaction.stopState = 'answered';
  }

  /** A CALLERROR reaches the station. */
  refused(id: string, code: string, nowMs: number): void {
    this.catchUp(nowMs);
    const sending = this.#inFlight?.id === id ? this.#inFlight : undefined;
    const message = sending && this.#settle(id);
    if (!message || !this.#queue.includes(message) || message.unwritten !== undefined) return;
    if (message.action === 'SecurityEventNotification' && /^Not(Implemented|Supported)$/.test(code)) {
      this.#queue = this.#queue.filter((other) => other !== message);
      return;
    }
    this.#failed(message, sending.sentMs);
  }

  /** The link is gone: that is nobody's attempt. */
  lost(nowMs: number): void {
    this.catchUp(nowMs);
    this.#inFlight = undefined;
  }

  /** Another process begins with what is on disk. */
  restarted(): void {
    this.#inFlight = undefined;
    this.#sendings.clear();
    this.#patienceMs = 0;
    for (const message of this.#queue) {
      delete message.unwritten;
      message.dueMs = 0;
    }
  }

  /** The disk did not take what was done last. */
  diskFailed(nowMs: number): void {
    this.catchUp(nowMs);
    this.#undo?.();
    this.#undo = undefined;
    this.#patienceMs = nowMs + DISK_MS;
  }

  /** Puts messages of the table of undeliverable ones back into the queue, behind all others. */
  resend(messages: readonly ModelMessage[]): void {
    for (const message of messages) {
      const { transaction, action } = message;
      this.undeliverable.splice(this.undeliverable.indexOf(message), 1);
      this.#queue.push({
        action,
        transaction,
        ...(message.type === undefined ? {} : { type: message.type }),
        attempts: 0,
        dueMs: 0,
      });
      if (!transaction) continue;
      const later = this.#queue.filter(
        (other) =>
          other.transaction === transaction &&
          other !== this.#inFlight?.message &&
          !other.unwritten &&
          RANK[other.action] > RANK[action],
      );
      this.#queue = [...this.#queue.filter((other) => !later.includes(other)), ...later.map((other) => ({ ...other }))];
      if (action === 'StartTransaction') transaction.startState = 'open';
      if (action === 'StopTransaction') transaction.stopState = 'queued';
    }
  }

  /** Time has passed: an answer may have failed to come. */
  catchUp(nowMs: number): void {
    const [head] = this.#queue;
    if (head?.unwritten && nowMs >= head.unwritten.sinceMs + DISK_MS) this.#writeAgain(head);
    const sending = this.#inFlight;
    if (!sending || nowMs < sending.deadlineMs) return;
    this.#inFlight = undefined;
    if (this.#queue.includes(sending.message) && sending.message.unwritten === undefined)
      this.#failed(sending.message, sending.sentMs);
  }

  /** Throws where the station is idle although something may go. */
  checkBusy(nowMs: number): void {
    this.catchUp(nowMs);
    const [head] = this.#queue;
    const waits = head && head.unwritten === undefined && head.dueMs <= nowMs && nowMs >= this.#patienceMs;
    if (waits && !this.#inFlight) throw new Error(`${head.action} is due, and not sent`);
  }

  /** What waits, in words. */
  describe(): readonly string[] {
    return this.#queue.map(
      ({ action, transaction, attempts }) => `${action} ${transaction?.sessionId ?? ''} ${attempts}`,
    );
  }

  #push(action: ModelMessage['action'], transaction: ModelTransaction): void {
    this.#queue.push({ action, transaction, attempts: 0, dueMs: 0 });
  }

  #settle(id: string): ModelMessage | undefined {
    if (this.#inFlight?.id === id) this.#inFlight = undefined;
    const message = this.#sendings.get(id);
    this.#sendings.delete(id);
    return message;
  }

  /** An answer that the disk did not take at first is tried again. */
  #writeAgain(head: ModelMessage): void {
    const { transaction, action } = head;
    this.#queue = this.#queue.slice(1);
    if (transaction && action === 'StartTransaction') this.#started(transaction, head.unwritten?.transactionId ?? 0);
    if (transaction && action === 'StopTransaction') transaction.stopState = 'answered';
  }

  /** @see DECISIONS D17: the first answer's id is the transaction's */
  #started(transaction: ModelTransaction, transactionId: number): void {
    transaction.startState = 'answered';
    transaction.transactionId = transactionId;
    if (transaction.stopState !== 'answered') return;
    // Its stop was told under no id; now it has one.
    transaction.stopState = 'queued';
    this.#push('StopTransaction', transaction);
  }

  #failed(message: ModelMessage, sentMs: number): void {
    const { transaction, action } = message;
    const before = { ...message };
    const queue = this.#queue;
    const ledger = { ...transaction };
    const undeliverable = [...this.undeliverable];
    message.attempts++;
    message.dueMs = sentMs + INTERVAL_MS * message.attempts;
    if (message.attempts >= ATTEMPTS) {
      this.#queue = queue.filter((other) => other !== message);
      this.undeliverable.push(message);
      if (transaction && action === 'StartTransaction') transaction.startState = 'failed';
      if (transaction && action === 'StopTransaction') {
        transaction.stopState = 'failed';
        this.securityEvent('InvalidMessages');
      }
    }
    this.#undo = () => {
      Object.assign(message, before);
      if (transaction) Object.assign(transaction, ledger);
      this.#queue = queue;
      this.undeliverable.splice(0, this.undeliverable.length, ...undeliverable);
    };
  }
}

/** What is wrong with a message as it is sent, in words. */
function faultOf(message: ModelMessage, action: string, payloadText: string): string | undefined {
  if (action !== message.action) return `${action} is sent before ${message.action}`;
  const transactionId = message.transaction?.transactionId;
  const { sent } = message;
  if (sent && sent.transactionId === transactionId && sent.payloadText !== payloadText)
    return `it is not what was sent before, ${sent.payloadText}`;
  const payload: Record<string, unknown> = JSON.parse(payloadText);
  for (const [name, wanted] of Object.entries(wantedOf(message)))
    if (!isDeepStrictEqual(payload[name], wanted)) return `its ${name} is not ${JSON.stringify(wanted)}`;
  return undefined;
}

function wantedOf({ action, transaction, type }: ModelMessage): Readonly<Record<string, unknown>> {
  if (!transaction) return { type };
  const { connectorId, idTag, meterStartWh, startedMs, transactionId, stop } = transaction;
  switch (action) {
    case 'StartTransaction':
      return {
        connectorId,
        idTag,
        meterStart: meterStartWh,
        timestamp: formatTimestamp(startedMs),
        transactionId: undefined,
      };
    case 'MeterValues':
      return { connectorId, transactionId };
    case 'StopTransaction':
      return { idTag: undefined, ...stop, transactionId: transactionId ?? -1 };
    case 'SecurityEventNotification':
      return { type };
  }
}
