import { type Clock, type Logger, parseTimestamp, type Timer } from '@chargemesh/base';
import type { BootResponse } from '../charge-point-types.ts';
import type { RegistrationStatus } from '../ocpp-types.ts';
import type { OnOutcome } from '../queue/normal-queue.ts';
import { type CallOutcome, describeOutcome } from '../rpc/outcome.ts';
import { type Response, responseOf } from '../rpc/typed.ts';

/** When BootNotification is sent again that was not answered, or answered without an interval (C-64, C-71). */
const RETRY_S = 60;

/** What {@link Registration} stands on. */
export interface RegistrationParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Sends a BootNotification, at once or when there is a link. */
  readonly send: (onOutcome: OnOutcome) => void;
  /** Told every answer, after {@link status} has changed. */
  readonly answered: (response: BootResponse, tookMs: number) => void;
}

/**
 * Whether the CSMS knows this charge point and lets it work.
 * @see OCPP 1.6, 4.2
 */
export class Registration {
  readonly #parts: RegistrationParts;
  #status: RegistrationStatus | 'Unregistered' = 'Unregistered';
  #retry: Timer | undefined;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  get status(): RegistrationStatus | 'Unregistered' {
    return this.#status;
  }

  /** The station starts (again): the CSMS has to accept it anew. */
  reset(): void {
    this.#retry?.cancel();
    this.#status = 'Unregistered';
  }

  /** There is a link. Once accepted it needs no new boot; Pending and Rejected keep to their interval. */
  linkUp(): void {
    if (this.#status === 'Unregistered') this.boot();
  }

  /** Sends a BootNotification now: for the first time, because an interval is over, or because the CSMS asked (C-74). */
  boot(): void {
    this.#retry?.cancel();
    this.#parts.send((outcome, tookMs) => this.#done(outcome, tookMs));
  }

  stop(): void {
    this.#retry?.cancel();
  }

  #done(outcome: CallOutcome, tookMs: number = 0): void {
    switch (outcome.kind) {
      case 'answered':
        this.#answered(responseOf('BootNotification', outcome.payload), tookMs);
        return;
      case 'refused':
      case 'timeout':
        this.#parts.log.warn('BootNotification was not answered', {
          outcome: describeOutcome(outcome),
          retryS: RETRY_S,
        });
        // Counted from the sending: a timeout has waited already.
        this.#again(Math.max(0, RETRY_S - tookMs / 1000));
        return;
      case 'undelivered':
        // The next link brings a new boot; where registration has an answer already, it is not lost with the link.
        if (this.#status === 'Pending' || this.#status === 'Rejected') this.#again(RETRY_S);
    }
  }

  #answered(answer: Response<'BootNotification'>, tookMs: number): void {
    const { clock, log, answered } = this.#parts;
    this.#status = answer.status;
    const intervalS = answer.interval;
    log.info('BootNotification answered', { status: answer.status, intervalS });
    if (answer.status !== 'Accepted') this.#again(intervalS > 0 ? intervalS : RETRY_S);
    const currentTimeMs = parseTimestamp(answer.currentTime) ?? clock.wallMs();
    answered({ status: answer.status, currentTimeMs, intervalS }, tookMs);
  }

  #again(afterS: number): void {
    this.#retry?.cancel();
    this.#retry = this.#parts.clock.setTimer(afterS * 1000, () => this.boot());
  }
}
