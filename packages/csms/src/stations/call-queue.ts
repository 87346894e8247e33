import type { Clock, Random, Timer } from '@chargemesh/base';
import { CsmsError } from '../csms-error.ts';

/** What a station answered to a CALL. */
export type CallOutcome =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: unknown };

interface QueuedCall {
  readonly id: string;
  readonly action: string;
  readonly payload: unknown;
  readonly timeoutMs: number;
  readonly resolve: (outcome: CallOutcome) => void;
  readonly reject: (error: CsmsError) => void;
}

/** The CALLs of the CSMS to one station: one at a time, as OCPP-J asks of both sides. */
export class CallQueue {
  readonly #station: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #send: (text: string) => void;
  readonly #waiting: QueuedCall[] = [];
  #current: { readonly call: QueuedCall; readonly timer: Timer } | undefined;

  constructor(station: string, clock: Clock, random: Random, send: (text: string) => void) {
    this.#station = station;
    this.#clock = clock;
    this.#random = random;
    this.#send = send;
  }

  /** The time runs from the moment the CALL is sent. @throws CsmsError `CSMS_CALL_TIMEOUT`, `CSMS_LINK_LOST` */
  add(action: string, payload: unknown, timeoutMs: number): Promise<CallOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: this.#random.uuid(), action, payload, timeoutMs, resolve, reject });
      this.#next();
    });
  }

  /** An answer of the station; one that nobody waits for is left alone. */
  answered(id: string, outcome: CallOutcome): void {
    if (this.#current?.call.id !== id) return;
    const { call, timer } = this.#current;
    timer.cancel();
    this.#current = undefined;
    call.resolve(outcome);
    this.#next();
  }

  /** The connection is gone: nothing that was asked on it is answered any more. */
  linkLost(): void {
    const lost = this.#current === undefined ? [] : [this.#current.call];
    this.#current?.timer.cancel();
    this.#current = undefined;
    for (const call of [...lost, ...this.#waiting.splice(0)])
      call.reject(new CsmsError('CSMS_LINK_LOST', `${this.#station} left before it answered ${call.action}`));
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const call = this.#waiting.shift();
    if (call === undefined) return;
    const timer = this.#clock.setTimer(call.timeoutMs, () => {
      this.#current = undefined;
      call.reject(
        new CsmsError(
          'CSMS_CALL_TIMEOUT',
          `${this.#station} did not answer ${call.action} within ${call.timeoutMs} ms`,
        ),
      );
      this.#next();
    });
    this.#current = { call, timer };
    this.#send(JSON.stringify([2, call.id, call.action, call.payload]));
  }
}
