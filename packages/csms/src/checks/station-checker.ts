import { formatTimestamp } from '@chargemesh/base';
import { ConfigurationBook } from '../ledger/configuration-book.ts';
import type { Delivery } from '../ledger/delivery.ts';
import { RegistrationBook } from '../ledger/registration-book.ts';
import { StatusBook } from '../ledger/status-book.ts';
import type { Transaction } from '../ledger/transaction.ts';
import { TransactionBook } from '../ledger/transaction-book.ts';
import { checkFields, isRecord } from './field-check.ts';
import { type Frame, parseFrame } from './frame.ts';
import { checkSamples, checkSchedule } from './message-sense.ts';
import { RpcCheck } from './rpc-check.ts';
import type { Report, RuleCode, Violation } from './rules.ts';
import type { FrameValidator, SchemaFault } from './schema-validator.ts';
import { messageTable } from './tables/messages.ts';

type Call = Extract<Frame, { kind: 'call' }>;

/** What a checker needs to know. */
export interface CheckerOptions {
  readonly station: string;
  /** The JSON schemas; best a strict one, to which extra properties are faults. Without it the tables alone are held up. */
  readonly validator?: FrameValidator;
  /** How soon a station may take an unanswered CALL for timed out. Default 20 s, below the 30 s that are usual. */
  readonly patienceMs?: number;
  readonly onViolation: (violation: Violation) => void;
  /** Is told of each transaction that began or became another. */
  readonly onTransaction?: (transaction: Transaction) => void;
  /** Is told when the registration, a connector or the configuration changed. */
  readonly onStation?: () => void;
}

/** What a checker knew when it ended, as it was written down; what cannot be read of it is left out. */
export interface CheckerMemory {
  readonly registration: unknown;
  readonly boot: unknown;
  readonly connectors: unknown;
  readonly configuration: unknown;
  readonly transactions: readonly Transaction[];
}

interface Settling {
  readonly transaction: Transaction;
  readonly delivery: Delivery;
}

/** What a received frame was, for the one who answers it. */
export interface Received {
  readonly frame: Frame;
  /** For a StartTransaction that could be read: the transaction that it starts, or started before. */
  readonly transaction?: Transaction;
}

/**
 * Follows the frames of one station, keeps its ledger and reports whatever is wrong. Knows no socket and no clock: it is told each
 * frame with its time, live or from a transcript.
 */
export class StationChecker {
  readonly transactions: TransactionBook;
  readonly statuses: StatusBook = new StatusBook();
  readonly registration: RegistrationBook = new RegistrationBook();
  readonly configuration: ConfigurationBook = new ConfigurationBook();
  readonly #options: CheckerOptions;
  readonly #rpc: RpcCheck;
  /** Deliveries whose CALL has no answer yet, by message id; and starts, whose answer brings the id. */
  readonly #deliveries = new Map<string, Settling>();
  readonly #starts = new Map<string, Transaction>();
  /** The delivery that was answered last: the next CALL shows that the station has the answer. */
  #lastAnswered: Settling | undefined;

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.transactions = new TransactionBook(options.onTransaction);
    this.#rpc = new RpcCheck(options.patienceMs ?? 20_000);
  }

  /** Goes on where an earlier checker of the same station ended. To be called before anything else. */
  restore(memory: CheckerMemory): void {
    this.registration.restore(memory.registration, memory.boot);
    this.statuses.restore(memory.connectors);
    this.configuration.restore(memory.configuration);
    this.transactions.transactions.push(...memory.transactions);
  }

  /** The station has a new connection. */
  connected(): void {
    this.disconnected();
    this.registration.connected();
    this.statuses.lostTrack();
  }

  /** The station's connection is gone, and with it whatever was under way on it. */
  disconnected(): void {
    this.#rpc.connectionLost();
    this.#deliveries.clear();
    this.#starts.clear();
    this.#lastAnswered = undefined;
  }

  /** A frame from the station. @param nowMs epoch milliseconds of the CSMS */
  received(text: string, nowMs: number): Received {
    const report = this.#reporter(text, nowMs);
    const frame = parseFrame(text);
    switch (frame.kind) {
      case 'call':
        return this.#receivedCall(frame, text, nowMs, report);
      case 'result':
      case 'error':
        this.#receivedAnswer(frame, report);
        return { frame };
      case 'broken':
        report(frame.rule, frame.message);
        return { frame };
    }
  }

  /** A frame that the CSMS sent. What it says wrong on purpose is no violation of the station. */
  sent(text: string, nowMs: number): void {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case 'call':
        this.#rpc.asked(frame);
        return;
      case 'result':
        this.#sentResult(frame.id, frame.payload, nowMs);
        return;
      case 'error':
        this.#rpc.answered(frame.id, nowMs);
        this.#deliveries.delete(frame.id);
        this.#starts.delete(frame.id);
        return;
      case 'broken':
        this.#rpc.sentGarbage(frame.id);
        return;
    }
  }

  #receivedCall(frame: Call, text: string, nowMs: number, report: Report): Received {
    if (this.#lastAnswered !== undefined)
      this.transactions.wentOn(this.#lastAnswered.transaction, this.#lastAnswered.delivery);
    this.#lastAnswered = undefined;
    this.#rpc.received(frame, nowMs, report);
    const table = messageTable(frame.action);
    if (table === undefined) {
      report('ACTION_UNKNOWN', `${frame.action} is no action of OCPP 1.6`);
      return { frame };
    }
    if (table.sender === 'csms') {
      report('ACTION_DIRECTION', `${frame.action} is sent by a CSMS only`);
      return { frame };
    }
    checkFields(table.request, frame.payload, report);
    this.#checkSchema(frame.action, this.#options.validator?.request(frame.action, frame.payload), report);
    this.registration.called(frame.action, frame.payload, nowMs, report);
    if (frame.action === 'BootNotification') this.#options.onStation?.();
    const transaction = this.#takeCall(frame, text, nowMs, report);
    return transaction === undefined ? { frame } : { frame, transaction };
  }

  /** What a CALL says to the ledger. @returns the transaction of a StartTransaction */
  #takeCall(frame: Call, text: string, nowMs: number, report: Report): Transaction | undefined {
    const { id, action, payload } = frame;
    const call = { id, payload, text };
    switch (action) {
      case 'StartTransaction': {
        const transaction = this.transactions.start(call, report);
        if (transaction === undefined) return undefined;
        this.#starts.set(id, transaction);
        this.#deliver(id, transaction, transaction.startDelivery);
        return transaction;
      }
      case 'MeterValues': {
        if (isRecord(payload)) checkSamples(payload.meterValue, report, '/meterValue');
        const transaction = this.transactions.meterValues(call, report);
        this.#deliver(id, transaction, transaction?.meterDelivery);
        return undefined;
      }
      case 'StopTransaction': {
        if (isRecord(payload)) checkSamples(payload.transactionData, report, '/transactionData');
        const transaction = this.transactions.stop(call, report);
        this.#deliver(id, transaction, transaction?.stopDelivery);
        return undefined;
      }
      case 'StatusNotification':
        this.statuses.take(payload, formatTimestamp(nowMs), this.configuration.debouncesStatus, report);
        this.#options.onStation?.();
        return undefined;
      default:
        return undefined;
    }
  }

  #receivedAnswer(frame: Extract<Frame, { kind: 'result' | 'error' }>, report: Report): void {
    const call = this.#rpc.answer(frame, report);
    if (call === undefined || frame.kind === 'error') return;
    const table = messageTable(call.action);
    if (table === undefined) return;
    checkFields(table.response, frame.payload, report);
    this.#checkSchema(call.action, this.#options.validator?.response(call.action, frame.payload), report);
    if (!isRecord(frame.payload)) return;
    if (call.action === 'GetCompositeSchedule') checkSchedule(frame.payload.chargingSchedule, report);
    if (call.action.endsWith('TriggerMessage') && frame.payload.status === 'Accepted')
      this.registration.triggerAccepted(call.payload);
    if (this.configuration.answered(call.action, call.payload, frame.payload)) this.#options.onStation?.();
  }

  #sentResult(id: string, payload: unknown, nowMs: number): void {
    const answered = this.#rpc.answered(id, nowMs);
    if (answered?.call.action === 'BootNotification') {
      this.registration.answered(payload, nowMs);
      this.statuses.lostTrack();
      this.#options.onStation?.();
    }
    const started = this.#starts.get(id);
    if (started !== undefined) this.transactions.bind(started, payload);
    this.#starts.delete(id);
    const delivery = this.#deliveries.get(id);
    this.#deliveries.delete(id);
    if (answered?.inTime !== true) return;
    if (delivery !== undefined) this.transactions.answered(delivery.transaction, delivery.delivery);
    this.#lastAnswered = delivery;
  }

  #deliver(id: string, transaction: Transaction | undefined, delivery: Delivery | undefined): void {
    if (transaction !== undefined && delivery !== undefined) this.#deliveries.set(id, { transaction, delivery });
  }

  #checkSchema(action: string, faults: readonly SchemaFault[] | undefined, report: Report): void {
    for (const fault of faults ?? []) report('SCHEMA', `${action}${fault.path}: ${fault.message} (${fault.rule})`);
  }

  #reporter(text: string, nowMs: number): Report {
    const { station, onViolation } = this.#options;
    return (rule: RuleCode, message: string) =>
      onViolation({ station, at: formatTimestamp(nowMs), rule, message, frame: text });
  }
}
