import { formatTimestamp } from '@chargemesh/base';
import type { RuleCode, Violation } from '../../src/checks/rules.ts';
import type { FrameValidator } from '../../src/checks/schema-validator.ts';
import { StationChecker } from '../../src/checks/station-checker.ts';

/** 2026-08-01T10:00:00Z */
export const START_MS = 1_785_578_400_000;

/** ISO time so many seconds after {@link START_MS}. */
export function at(seconds: number): string {
  return formatTimestamp(START_MS + seconds * 1000);
}

/** Plays a station and its CSMS to a checker, frame by frame, on a clock of its own. */
export class Play {
  readonly violations: Violation[] = [];
  readonly checker: StationChecker;
  nowMs: number = START_MS;
  #ids = 0;

  constructor(validator?: FrameValidator) {
    this.checker = new StationChecker({
      station: 'cp001',
      ...(validator === undefined ? {} : { validator }),
      onViolation: (violation) => this.violations.push(violation),
    });
    this.checker.connected();
  }

  get rules(): RuleCode[] {
    return this.violations.map(({ rule }) => rule);
  }

  /** A text from the station. */
  rx(text: string): void {
    this.checker.received(text, this.nowMs);
  }

  tx(text: string): void {
    this.checker.sent(text, this.nowMs);
  }

  /** A CALL of the station that stays unanswered. @returns its message id */
  send(action: string, payload: unknown, id: string = `s${++this.#ids}`): string {
    this.rx(JSON.stringify([2, id, action, payload]));
    return id;
  }

  /** The CSMS answers a CALL. */
  answer(id: string, payload: unknown): void {
    this.tx(JSON.stringify([3, id, payload]));
  }

  /** A CALL of the station with its answer. */
  say(action: string, payload: unknown, answer: unknown = {}): void {
    this.answer(this.send(action, payload), answer);
  }

  /** A CALL of the CSMS, with the station's answer. */
  ask(action: string, payload: unknown, answer: unknown): void {
    const id = `c${++this.#ids}`;
    this.tx(JSON.stringify([2, id, action, payload]));
    this.rx(JSON.stringify([3, id, answer]));
  }

  reconnect(): void {
    this.checker.disconnected();
    this.checker.connected();
  }

  boot(status = 'Accepted', interval = 300): void {
    this.say(
      'BootNotification',
      { chargePointVendor: 'Vendor', chargePointModel: 'Model' },
      { status, interval, currentTime: at(0) },
    );
  }

  status(status: string, connectorId = 1, errorCode = 'NoError'): void {
    this.say('StatusNotification', { connectorId, status, errorCode, timestamp: at(0) });
  }

  /** StartTransaction on connector 1 at second 0 with 100 Wh, answered with an id. */
  start(transactionId = 1, changes: Readonly<Record<string, unknown>> = {}): void {
    this.say('StartTransaction', startRequest(changes), { transactionId, idTagInfo: { status: 'Accepted' } });
  }

  meter(seconds: number, energyWh: number, changes: Readonly<Record<string, unknown>> = {}): void {
    this.say('MeterValues', meterRequest(seconds, energyWh, changes));
  }

  stop(seconds: number, meterStop: number, changes: Readonly<Record<string, unknown>> = {}): void {
    this.say('StopTransaction', stopRequest(seconds, meterStop, changes));
  }
}

export function startRequest(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { connectorId: 1, idTag: 'TAG1', meterStart: 100, timestamp: at(0), ...changes };
}

export function meterRequest(
  seconds: number,
  energyWh: number,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { connectorId: 1, transactionId: 1, meterValue: [moment(seconds, energyWh)], ...changes };
}

export function stopRequest(
  seconds: number,
  meterStop: number,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { transactionId: 1, meterStop, timestamp: at(seconds), reason: 'Local', ...changes };
}

/** One MeterValue with the energy register. */
export function moment(seconds: number, energyWh: number, context = 'Sample.Periodic'): unknown {
  return {
    timestamp: at(seconds),
    sampledValue: [{ value: energyWh.toFixed(2), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
  };
}
